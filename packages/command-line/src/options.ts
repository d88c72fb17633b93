/** What the values of options are made of; each throws Commander's InvalidArgumentError, one sentence. */
import { parseHomeTime } from "@azru/runtime";
import { InvalidArgumentError, Option } from "commander";

/** An option that takes one of some words, the first by default. */
export function choice(
  flags: string,
  description: string,
  words: readonly string[],
  byDefault = words[0],
): Option {
  return new Option(flags, description).choices(words).default(byDefault);
}

/** An instant, Unix time in ms: ISO 8601, Europe/Paris unless it has an offset. */
export function instant(text: string): number {
  try {
    return parseHomeTime(text);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new InvalidArgumentError(`It ${error.message}.`);
  }
}

/** A number from `min` to `max`. */
export function number(min: number, max = Number.POSITIVE_INFINITY): (text: string) => number {
  return within("a number", Number.isFinite, min, max);
}

/** A whole number from `min` to `max`. */
export function wholeNumber(min: number, max = Number.POSITIVE_INFINITY): (text: string) => number {
  return within("a whole number", Number.isInteger, min, max);
}

function within(kind: string, isKind: (value: number) => boolean, min: number, max: number) {
  return (text: string): number => {
    const value = Number(text);
    if (text.trim() !== "" && isKind(value) && value >= min && value <= max) return value;
    const range = max === Number.POSITIVE_INFINITY ? `>= ${min}` : `from ${min} to ${max}`;
    throw new InvalidArgumentError(`Must be ${kind} ${range}.`);
  };
}
