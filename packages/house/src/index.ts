export { nextState, outputOf, type StateSpace, type StepDisturbances, stateSpaceOf } from "./state-space.ts";
