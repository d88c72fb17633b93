/** `pnpm soak`: weeks of faults in minutes, and a report. */
import { createCommand, createProgress, parseOptions, runCommand, wholeNumber } from "@azru/command-line";
import { reportOf } from "./report.ts";
import { soak } from "./soak.ts";

const notes = `
Exit codes: 0 nothing was missed, 1 a decision was missed, a reading lost or an orderly stop failed, 2 asked wrongly.`;

interface Options {
  readonly days: number;
  readonly seed: number;
  readonly faults?: number;
}

await runCommand("soak", async (argv) => {
  const command = createCommand(
    "soak",
    "A home lives through faults of every kind: real core, optimiser and Mosquitto, a database that fails.",
  )
    .option("--days <number>", "simulated days", wholeNumber(2), 30)
    .option("--seed <number>", "what goes wrong when; the same seed is the same soak", wholeNumber(0), 1)
    .option("--faults <number>", "how many; five a day unless said", wholeNumber(1))
    .addHelpText("after", notes);
  const options = parseOptions<Options>(command, argv);
  if (!options) return 0;
  const { days, seed, faults = 5 * days } = options;
  const progress = createProgress(process.stderr);
  progress.begin(["soak"], days);
  const onDay = (day: number) => progress.day("soak", day, "", `day ${day} of ${days}`);
  const report = await soak({ days, seed, faults, onDay }).finally(() => progress.stop());
  console.log(reportOf(report));
  const { decisions, readings, stops } = report;
  return decisions.missed.length + readings.lost + stops.failed > 0 ? 1 : 0;
});
