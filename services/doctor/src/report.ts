import type { Finding, Status } from "./finding.ts";

const colours: Readonly<Record<Status, number>> = { ok: 32, warning: 33, problem: 31 };

/** A line a finding. */
export function textReport(findings: readonly Finding[], colour: boolean): string {
  const paint = (status: Status) => {
    const word = status.padEnd(7);
    return colour ? `\u001B[${colours[status]}m${word}\u001B[39m` : word;
  };
  return findings
    .map(
      ({ check, status, message, advice }) =>
        `${paint(status)}  ${check.padEnd(13)}  ${message}${advice ? ` -> ${advice}` : ""}\n`,
    )
    .join("");
}

/** For programs. */
export function jsonReport(findings: readonly Finding[]): string {
  return `${JSON.stringify({ healthy: isHealthy(findings), findings }, null, 2)}\n`;
}

/** Whether nothing keeps Azru from heating the home. */
export function isHealthy(findings: readonly Finding[]): boolean {
  return findings.every(({ status }) => status !== "problem");
}
