/**
 * Two days around a red one in a house of states, simulated with the thermostat and by the MPC with sensors and forecasts that err:
 * `pnpm bench:red-day [--json FILE]` for the plot of docs/controller.md.
 */
import { writeFileSync } from "node:fs";
import { createCommand, optionsOrExit } from "@azru/command-line";
import { simulated, type WinterRun, worldOf } from "./winter-run.ts";

const { json } = optionsOrExit<{ json: string }>(
  createCommand(
    "bench:red-day",
    "Simulates two days around a red one, for the plot of docs/controller.md.",
  ).option("--json <file>", "where the figures are kept", "docs/figures/red-day.json"),
);
const home = "medium";
const dayMs = 86_400_000;

const run: WinterRun = {
  ...{ weather: "reference", home, emission: "floorHeating", supply: "electric" },
  ...{ controller: "mpc", knows: "sensors", minutes: 15, horizon_h: 48, twin: "states" },
};
const { rates } = await worldOf(run);
// The first of the year that follows a day of another colour.
const red = rates.find(
  ({ colour, startMs, period }, i) =>
    colour === "red" &&
    period === "peak" &&
    startMs >= Date.UTC(2026, 0, 1) &&
    rates[i - 2]?.colour !== "red",
);
if (!red) throw new RangeError("the winter has no red day after New Year");
const [fromMs, untilMs] = [red.startMs - dayMs / 2, red.startMs + 1.25 * dayMs]; // 18:00 the day before to noon after

async function dayWith(controller: WinterRun["controller"]) {
  const { trajectory: t } = await simulated({ ...run, controller });
  const from = (fromMs - t.startMs) / (t.dtSeconds * 1000);
  const until = (untilMs - t.startMs) / (t.dtSeconds * 1000);
  const part = (column: Float64Array, decimals: number) =>
    Array.from(column.subarray(from, until), (value) => Number(value.toFixed(decimals)));
  return {
    startMs: fromMs,
    dtSeconds: t.dtSeconds,
    price_eur_kwh: part(t.price_eur_kwh, 4),
    theta_e_c: part(t.theta_e_c, 2),
    own: {
      theta_air_c: part(t.theta_air_c, 3),
      theta_m_c: part(t.theta_m_c, 3),
      valve: part(t.valve, 4),
    },
  };
}

const { own: mpc, ...shared } = await dayWith("mpc");
const { own: thermostat } = await dayWith("thermostat");
const redDay = { home, ...shared, redFromMs: red.startMs, redUntilMs: red.startMs + dayMs, thermostat, mpc };
writeFileSync(json, `${JSON.stringify(redDay)}\n`);
console.log(`Written to ${json}`);
