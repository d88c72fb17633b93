/** What `pnpm calibrate` reads from the environment. */
export { storeVariables as variables } from "@azru/runtime";
