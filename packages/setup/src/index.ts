export { assumptionRules, assumptionsOf, figuresOf, usualAnswers } from "./assumptions.ts";
export { buildingOf, heatLoss_w_k } from "./building.ts";
export { comfortSettingsOf } from "./comfort.ts";
export { describedRooms, describedValves } from "./devices.ts";
export { type DeviceTexts, type SetupLanguage, type SetupTexts, setupTexts } from "./texts.ts";
export { findTown, type Town, towns } from "./towns.ts";
export { valvesDraftOf } from "./valves-draft.ts";
