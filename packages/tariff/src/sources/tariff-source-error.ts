/** The one error of all sources: who failed, and at which value. */
import type { z } from "zod";

export class TariffSourceError extends Error {
  override readonly name = "TariffSourceError";
  readonly source: string;
  /** The offending field, as in `[3].codeJour`. */
  readonly field: string | undefined;
  readonly value: unknown;
  /** Whether asking again later may help: a network or a service failed. */
  readonly isOutage: boolean;

  constructor(
    source: string,
    problem: string,
    details: { field?: string; value?: unknown; isOutage?: boolean; cause?: unknown } = {},
  ) {
    super(`${source}: ${problem}`.replace(/[\s\p{Cc}]+/gu, " "), { cause: details.cause });
    this.source = source;
    this.field = details.field;
    this.value = details.value;
    this.isOutage = details.isOutage ?? false;
  }
}

/** A field whose value is not what it must be. */
export function fieldError(source: string, field: string, must: string, value: unknown): TariffSourceError {
  return new TariffSourceError(source, `${field} ${must}, got ${shown(value)}`, { field, value });
}

function shown(value: unknown): string {
  try {
    const text = JSON.stringify(value) ?? "nothing";
    return text.length > 80 ? `${text.slice(0, 80)}...` : text;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return "what is nested too deep"; // of thousands of levels
  }
}

/**
 * Checks data that came from outside.
 *
 * @throws TariffSourceError naming the first offending field and its value
 */
export function validated<T>(source: string, schema: z.ZodType<T>, data: unknown): T {
  const parsed = schema.safeParse(data, { reportInput: true });
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = issue.path.map((key) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`)).join("");
  throw fieldError(
    source,
    field.replace(/^\./, "") || "the content",
    `is wrong (${issue.message})`,
    issue.input,
  );
}
