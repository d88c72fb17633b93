/** What the winter is simulated for, part by part. */
import type { WinterRun } from "./winter-run.ts";

/** A run in whatever weather. */
export type HomeRun = Omit<WinterRun, "weather">;
export type Home = Pick<WinterRun, "home" | "emission" | "supply">;

const classes = ["light", "medium", "heavy", "very-heavy"] as const;
const electric = (home: string, emission: WinterRun["emission"]): Home => ({
  home,
  emission,
  supply: "electric",
});

/** Houses of states, as replays have them by default: heat through the screed in each building class, or into the air. */
export const stateHomes: readonly Home[] = [
  ...classes.map((home) => electric(home, "floorHeating")),
  electric("medium", "convector"),
  electric("heavy", "convector"),
];

/** In the zone, each building class with each way of handing over heat that acts on another node of the zone. */
export const homes: readonly Home[] = (["floorHeating", "newRadiators", "tabs"] as const).flatMap(
  (emission) => classes.map((home) => electric(home, emission)),
);

/** An air heat pump has its COP from the supply temperature, which each emission system has its own of. */
export const heatPumpHomes: readonly Home[] = (
  ["floorHeating", "airConditioning", "newRadiators", "oldRadiators", "tabs"] as const
).flatMap((emission) => ["medium", "heavy"].map((home): Home => ({ home, emission, supply: "heatPumpAir" })));

/** Systems that heat the air as radiators do. */
export const airHomes: readonly Home[] = (["oldRadiators", "chilledBeams", "airConditioning"] as const).map(
  (emission) => electric("medium", emission),
);

/** Those that are tried in other weather. */
export const elsewhereHomes = homes.filter(({ emission }) => emission === "floorHeating");

export const modelErrors = [
  { capacitance: 1.3, losses: 0.7 },
  { capacitance: 0.7, losses: 1.3 },
  { capacitance: 1.3, losses: 1.3 },
  { capacitance: 0.7, losses: 0.7 },
];
export const modelHomes: readonly Home[] = [
  electric("light", "floorHeating"),
  electric("heavy", "floorHeating"),
];

const run = (
  home: Home,
  controller: WinterRun["controller"],
  knows: WinterRun["knows"] = "everything",
  horizon_h = 48,
  minutes = 15,
): HomeRun => ({ ...home, controller, knows, minutes, horizon_h });

/** The ends of the scale that a share is read on. */
const scale = (home: Home) => [run(home, "thermostat"), run(home, "foresight")];

/** In a house of states. */
const inStates = (runs: readonly HomeRun[]): HomeRun[] => runs.map((one) => ({ ...one, twin: "states" }));

/** The runs of each part. A part holds all that its table needs; what two parts ask for is carried out once. */
export const parts = {
  states: stateHomes.flatMap((home) =>
    inStates([...scale(home), run(home, "mpc", "sensors"), run(home, "mpc", "everything")]),
  ),
  shares: homes.flatMap((home) => [
    ...scale(home),
    ...(home.home === "very-heavy" ? [24, 48, 72] : [24, 48]).flatMap((horizon_h) => [
      run(home, "mpc", "everything", horizon_h),
      run(home, "mpc", "published", horizon_h),
    ]),
  ]),
  uncertain: homes.flatMap((home) => [
    ...scale(home),
    run(home, "mpc", "sensors", 24),
    run(home, "mpc", "sensors", 48),
  ]),
  steps: homes.flatMap((home) => [
    ...scale(home),
    run(home, "mpc", "everything", 48, 15),
    run(home, "mpc", "everything", 48, 60),
  ]),
  heatpump: heatPumpHomes.flatMap((home) => [
    ...scale(home),
    run(home, "mpc", "everything"),
    run(home, "mpc", "sensors"),
  ]),
  air: airHomes.flatMap((home) => [...scale(home), run(home, "mpc", "everything")]),
  elsewhere: elsewhereHomes.flatMap((home) => [
    ...scale(home),
    run(home, "mpc", "everything"),
    run(home, "mpc", "sensors"),
  ]),
  models: modelHomes.flatMap((home) => [
    ...scale(home),
    run(home, "mpc", "sensors"),
    ...modelErrors.flatMap((error) => [
      { ...run(home, "mpc", "forecast"), model: { ...error, calibrated: false } },
      { ...run(home, "mpc", "sensors"), model: { ...error, calibrated: false } },
      { ...run(home, "mpc", "sensors"), model: { ...error, calibrated: true } },
    ]),
  ]),
} satisfies Record<string, readonly HomeRun[]>;

export type PartName = keyof typeof parts;
