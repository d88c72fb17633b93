/** What a check found, in words for the owner of the home. */
import type { Language } from "@azru/command-line";

/** Which of a text's two languages a report is in. */
export type Say = (english: string, french: string) => string;

export const inEnglish: Say = (english) => english;

export function speaking(language: Language): Say {
  return language === "fr" ? (_, french) => french : inEnglish;
}

export type Status = "ok" | "warning" | "problem";

export interface Finding {
  /** What was looked at: one or two words. */
  readonly check: string;
  readonly status: Status;
  readonly message: string;
  /** What to do about it. */
  readonly advice?: string;
}

export function ok(check: string, message: string): Finding {
  return { check, status: "ok", message };
}

export function warning(check: string, message: string, advice: string): Finding {
  return { check, status: "warning", message, advice };
}

export function problem(check: string, message: string, advice: string): Finding {
  return { check, status: "problem", message, advice };
}

/** What an error says, in one line: its code where it has no words. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code } = error as NodeJS.ErrnoException;
  const cause = error.cause instanceof Error ? reasonOf(error.cause) : undefined;
  return (cause ?? (error.message || code || error.name)).replaceAll(/\s+/g, " ");
}
