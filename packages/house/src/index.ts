export { housePhysicsOf } from "./building-physics.ts";
export { discretise, groundGains_w, type HouseOutput, lossOf_w_k } from "./discretise.ts";
export { heatStore, storeTemperature_c } from "./heat-store.ts";
export { gainsAt_w, type House, houseOf, modelOf, rhythmAt_w, rhythmWave } from "./house.ts";
export { nextState, outputOf, type StateSpace, type StepDisturbances, stateSpaceOf } from "./state-space.ts";
export { steadyGain_k_w } from "./steady-gain.ts";
export { type HeatedHouse, type StepForces, stepHouse } from "./step.ts";
export type { HousePhysics, ThermalLink, ThermalNode } from "./thermal-network.ts";
