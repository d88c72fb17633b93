/** `pnpm soak`: weeks of faults in minutes, and a report. */
import { createCommand, createProgress, parseOptions, runCommand, wholeNumber } from "@azru/command-line";
import { reportOf } from "./report.ts";
import { bounds_c, soak } from "./soak.ts";

const notes = `
Exit codes: 0 all bounds held, 1 a decision was missed, a reading lost, an orderly stop failed, a room left 17 to 29
degrees (but by a broken heater or a valve set by hand), or a saving was counted in unknown time, 2 asked wrongly.`;

/** Faults a day. */
const usual = 5;

interface Options {
  readonly days: number;
  readonly seed: number;
  readonly faults: number | "all";
  readonly within?: number;
}

await runCommand("soak", async (argv) => {
  const command = createCommand(
    "soak",
    "A home lives through faults of every kind: real core, optimiser and Mosquitto, a database that fails.",
  )
    .option("--days <number>", "simulated days", wholeNumber(2), 30)
    .option("--seed <number>", "what goes wrong when; the same seed is the same soak", wholeNumber(0), 1)
    .option(
      "--faults <number>",
      `how many; all: ${usual} a day, every kind in turn`,
      (text) => (text === "all" ? text : wholeNumber(1)(text)),
      "all",
    )
    .option(
      "--within <minutes>",
      "end after the day in which so many minutes of wall time have passed, and report what was lived",
      wholeNumber(1),
    )
    .addHelpText("after", notes);
  const options = parseOptions<Options>(command, argv);
  if (!options) return 0;
  const { days, seed, within } = options;
  const faults = options.faults === "all" ? usual * days : options.faults;
  const progress = createProgress(process.stderr);
  progress.begin(["soak"], days);
  const onDay = (day: number) => progress.day("soak", day, "", `day ${day} of ${days}`);
  const report = await soak({
    days,
    seed,
    faults,
    onDay,
    ...(within && { within_ms: 60_000 * within }),
  }).finally(() => progress.stop());
  console.log(reportOf(report));
  const { decisions, readings, stops, comfort, saving } = report;
  const isWarm = comfort.coldest_c >= bounds_c.coldest && comfort.warmest_c <= bounds_c.warmest;
  const isWhole = decisions.missed.length + readings.lost.length + stops.failed === 0;
  return isWhole && isWarm && saving.counted_h <= saving.known_h ? 0 : 1;
});
