/** `pnpm soak`: weeks of faults in minutes, and a report. */
import { parseArgs } from "node:util";
import { reportOf } from "./report.ts";
import { soak } from "./soak.ts";

const help = `A home lives through faults of every kind: real core, optimiser and Mosquitto, a database that fails.

  pnpm soak [--days 30] [--seed 1] [--faults N]

  --days     simulated days, at least 2
  --seed     what goes wrong when; the same seed is the same soak
  --faults   how many; five a day unless said

Exits with 1 when a decision was missed, a reading lost, or an orderly stop failed.`;

const { values } = parseArgs({
  options: {
    days: { type: "string", default: "30" },
    seed: { type: "string", default: "1" },
    faults: { type: "string" },
    help: { type: "boolean", default: false },
  },
});
if (values.help) {
  console.log(help);
  process.exit(0);
}
const whole = (name: string, text: string, min: number) => {
  const value = Number(text);
  if (Number.isInteger(value) && value >= min) return value;
  console.error(`soak: --${name} must be a whole number >= ${min}, got ${JSON.stringify(text)}`);
  process.exit(2);
};
const days = whole("days", values.days, 2);
const report = await soak({
  days,
  seed: whole("seed", values.seed, 0),
  faults: values.faults === undefined ? 5 * days : whole("faults", values.faults, 1),
  onDay: (day) => {
    if (process.stderr.isTTY) process.stderr.write(`\rday ${day} of ${days}${day === days ? "\n" : ""}`);
  },
});
console.log(reportOf(report));
const { decisions, readings, stops } = report;
process.exitCode = decisions.missed.length + readings.lost + stops.failed > 0 ? 1 : 0;
