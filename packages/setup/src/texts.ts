/** The questions of set-up, in each language; the page and the terminal ask the same. */
import type { AssumptionName, DeviceFault, Radiator, SetupAnswers } from "@azru/contracts";
import en from "./texts/en.json" with { type: "json" };
import fr from "./texts/fr.json" with { type: "json" };

export type SetupLanguage = "en" | "fr";

type Texts<Key extends string> = Readonly<Record<Key, string>>;
type Choices<Key extends keyof SetupAnswers> = Texts<Extract<SetupAnswers[Key], string>>;

/** Every choice of an answer has its text. */
export type SetupTexts = typeof en & {
  readonly dwellings: Choices<"dwelling">;
  readonly insulations: Choices<"insulation">;
  readonly glazings: Choices<"glazing">;
  readonly wallKinds: Choices<"walls">;
  readonly heaters: Choices<"heater">;
  readonly heaterHints: Choices<"heater">;
  readonly thermostats: Choices<"thermostat">;
  readonly contracts: Choices<"contract">;
  readonly contractHints: Choices<"contract">;
  readonly assumptions: Texts<AssumptionName>;
  readonly devices: {
    readonly modules: Texts<NonNullable<Radiator["closed"]> | "module">;
    readonly faults: Texts<DeviceFault | "name">;
  };
};
/** Of the radiators on pilot wires, and the thermometers. */
export type DeviceTexts = SetupTexts["devices"];

export const setupTexts: Readonly<Record<SetupLanguage, SetupTexts>> = { en, fr };
