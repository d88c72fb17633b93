import type { Language } from "@azru/command-line";
import type { Finding, Status } from "./finding.ts";

const colours: Readonly<Record<Status, number>> = { ok: 32, warning: 33, problem: 31 };

const words: Readonly<Record<Language, Readonly<Record<Status, string>>>> = {
  en: { ok: "ok", warning: "warning", problem: "problem" },
  fr: { ok: "ok", warning: "avertissement", problem: "problème" },
};

/** A line a finding. */
export function textReport(findings: readonly Finding[], colour: boolean, language: Language = "en"): string {
  const width = Math.max(...Object.values(words[language]).map((word) => word.length));
  const paint = (status: Status) => {
    const word = words[language][status].padEnd(width);
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
