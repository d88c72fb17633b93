/** What is wrong with data from outside, in one line. */
import type { z } from "zod";

/** The first problem that Zod found: `days[3].min_c: Invalid input: expected number, received string`. */
export function firstIssue(error: z.ZodError): string {
  const issue = error.issues[0];
  const path = issue.path.map((key) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`)).join("");
  return `${path.replace(/^\./, "") || "value"}: ${issue.message}`;
}
