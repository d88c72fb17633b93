/** Texts that came from outside, safe on a terminal. */

/**
 * Control characters (an escape sequence colours, moves the cursor or retitles the window), line separators, and marks
 * that turn the direction of writing.
 */
const unprintable =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

const short: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** The text in one line: what does not print stands as its escape, `\n` or `\u001b`. */
export function printable(text: string): string {
  return text.replace(
    unprintable,
    (character) => short[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/**
 * A record of a log, a line of JSON, with every text of it printable; of a stack alone the lines stay.
 *
 * @throws SyntaxError where the line is no JSON
 */
export function printableRecord(line: string): object {
  return printableValue(JSON.parse(line)) as object;
}

function printableValue(value: unknown, key?: string): unknown {
  if (typeof value === "string") {
    return key === "stack" ? value.split("\n").map(printable).join("\n") : printable(value);
  }
  if (Array.isArray(value)) return value.map((one) => printableValue(one));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [printable(name), printableValue(one, name)]),
  );
}
