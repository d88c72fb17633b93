export { housePhysicsOf, type PhysicalBuilding } from "./building-physics.ts";
export { discretise, groundGains_w, type HouseOutput, lossOf_w_k, steadyState } from "./discretise.ts";
export { type Emitter, emitterOf } from "./emitter.ts";
export { type HeatStore, heatStore, storeTemperature_c } from "./heat-store.ts";
export { gainsAt_w, type House, houseOf, modelOf, rhythmAt_w, rhythmWave } from "./house.ts";
export {
  discretiseRooms,
  type RoomForces,
  type RoomLink,
  type RoomNetwork,
  type RoomStep,
} from "./room-network.ts";
export { nextState, outputOf, type StateSpace, type StepDisturbances, stateSpaceOf } from "./state-space.ts";
export { steadyGain_k_w } from "./steady-gain.ts";
export { type HeatedHouse, type HouseStep, type StepForces, stepHouse } from "./step.ts";
export {
  checkPhysics,
  type HousePhysics,
  type ThermalLink,
  type ThermalNode,
} from "./thermal-network.ts";
