import type { Growth, SoakReport } from "./soak.ts";

/** The report as lines for people. */
export function reportOf(report: SoakReport): string {
  const { decisions, readings, comfort, excused, stops, saving } = report;
  const list = (counts: Readonly<Record<string, number>>) =>
    Object.entries(counts)
      .map(([name, count]) => `${name} ${count}`)
      .join(", ") || "none";
  const grown = ({ begin, end, steps }: Growth) =>
    `${begin.memory_mb.toFixed(0)} to ${end.memory_mb.toFixed(0)} MB, ${begin.handles} to ${end.handles} handles in ${steps} steps`;
  return [
    `${report.days} days with seed ${report.seed}, in ${report.wall_s.toFixed(0)} s`,
    `faults       ${list(report.faults)}`,
    `decisions    ${decisions.due} due, ${decisions.made} made, ${decisions.missed.length} missed`,
    ...decisions.missed.map((time) => `             missed: ${time}`),
    `decided by   ${list(report.sources)}`,
    `fallbacks    ${list(report.fallbacks)}`,
    `comfort      ${comfort.coldest_c.toFixed(1)} to ${comfort.warmest_c.toFixed(1)} degrees; ${comfort.below19_kh.toFixed(1)} K h below 19, ${comfort.above28_kh.toFixed(1)} above 28`,
    ...report.beyond.map((time) => `             beyond the bounds: ${time}`),
    ...(excused
      ? [
          `             ${excused.coldest_c.toFixed(1)} to ${excused.warmest_c.toFixed(1)} degrees by a broken heater or a valve set by hand`,
        ]
      : []),
    `saving       ${saving.counted_h.toFixed(1)} h counted of ${saving.known_h.toFixed(1)} h in which readings came, ${saving.lived_h.toFixed(1)} h lived; ${saving.saved_eur.toFixed(2)} EUR against ${saving.baseline_eur.toFixed(2)} EUR`,
    `readings     ${readings.sent} answered, ${readings.stored} stored, ${readings.lostByKill} lost by kill -9 within the flush interval, ${readings.lost.length} lost otherwise`,
    ...readings.lost.map((time) => `             lost: ${time}`),
    `core         ${grown(report.memory.core)}`,
    `mpc          ${grown(report.memory.mpc)}`,
    `stops        ${stops.count} orderly, the slowest in ${stops.slowest_ms.toFixed(0)} ms, ${stops.failed} failed`,
  ].join("\n");
}
