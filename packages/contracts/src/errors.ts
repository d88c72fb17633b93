/** Validation errors in one line that a person can act on. */
import type { z } from "zod";

type Issue = z.core.$ZodIssue;
const shown = 3;
/** Characters of a value that a message has. */
const shownLength = 80;

/**
 * One line that names each bad field and its value, such as
 * `building.zone.floorArea_m2 must be > 0, got -3; building has no field "colour"`.
 *
 * @param input what was validated
 * @param root name of the whole, put before every field
 */
export function describeZodError(error: z.ZodError, input: unknown, root = ""): string {
  const lines = error.issues.slice(0, shown).map((issue) => describeIssue(issue, input, root));
  const rest = error.issues.length - shown;
  return [...lines, ...(rest > 0 ? [`and ${rest} more`] : [])].join("; ");
}

function describeIssue(issue: Issue, input: unknown, root: string): string {
  const closest = issue.code === "invalid_union" ? closestBranch(issue) : undefined;
  if (closest) return describeIssue({ ...closest, path: [...issue.path, ...closest.path] }, input, root);
  const field = fieldName(issue.path, root);
  if (issue.code === "unrecognized_keys") {
    const rest = issue.keys.length - shown;
    const keys = issue.keys.slice(0, shown).map(printed).join(", ");
    return `${field} has no field ${keys}${rest > 0 ? ` and ${rest} more` : ""}`;
  }
  const value = valueAt(input, issue.path);
  if (value === undefined) return `${field} is missing`;
  const got = issue.code === "custom" && issue.params?.length !== undefined ? "" : `, got ${printed(value)}`;
  return `${field} ${requirement(issue, value)}${got}`;
}

/** The branch of a union that came closest: the one whose complaint lies deepest, if any is about a field. */
function closestBranch(issue: Extract<Issue, { code: "invalid_union" }>): Issue | undefined {
  const firsts = issue.errors.flatMap((branch) => branch.slice(0, 1));
  const deepest = firsts.reduce<Issue | undefined>(
    (best, next) => (best && best.path.length >= next.path.length ? best : next),
    undefined,
  );
  return deepest && (deepest.path.length > 0 || firsts.length === 1) ? deepest : undefined;
}

function requirement(issue: Issue, value: unknown): string {
  switch (issue.code) {
    case "invalid_type":
      return `must be ${article(issue.expected)} ${issue.expected}`;
    case "too_small":
      return bound(issue.origin, issue.inclusive === false ? ">" : ">=", issue.minimum, value);
    case "too_big":
      return bound(issue.origin, issue.inclusive === false ? "<" : "<=", issue.maximum, value);
    case "invalid_value":
      return `must be ${issue.values.map((allowed) => JSON.stringify(allowed)).join(" or ")}`;
    default:
      return issue.message.charAt(0).toLowerCase() + issue.message.slice(1);
  }
}

function bound(origin: string, sign: string, limit: number | bigint, value: unknown): string {
  if (origin === "array") return `must have ${sign} ${limit} values, has ${(value as unknown[]).length}`;
  if (origin === "string") return `must have ${sign} ${limit} characters`;
  return `must be ${sign} ${limit}`;
}

function fieldName(path: readonly PropertyKey[], root: string): string {
  let name = root;
  for (const key of path) {
    if (typeof key === "number") name += `[${key}]`;
    else name += name === "" ? String(key) : `.${String(key)}`;
  }
  return name === "" ? "value" : name;
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value = input;
  for (const key of path) {
    if (typeof value !== "object" || value === null) return undefined;
    value = (value as Record<PropertyKey, unknown>)[key];
  }
  return value;
}

function printed(value: unknown): string {
  const text =
    typeof value === "number" || typeof value === "bigint" ? `${value}` : JSON.stringify(outline(value));
  if (text === undefined) return typeof value;
  return text.length > shownLength ? `${text.slice(0, shownLength - 3)}...` : text;
}

/**
 * The outermost levels of a value: `JSON.stringify` fails on what is nested thousands of levels deep, and a message of the
 * broker may be, so that its sender could end a service.
 */
function outline(value: unknown, levels = 3): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (levels === 0) return "...";
  if (Array.isArray(value)) return value.slice(0, shownLength).map((item) => outline(item, levels - 1));
  const members = Object.entries(value).slice(0, shownLength);
  return Object.fromEntries(members.map(([name, item]) => [name, outline(item, levels - 1)]));
}

function article(noun: string): string {
  return /^[aeiou]/.test(noun) ? "an" : "a";
}
