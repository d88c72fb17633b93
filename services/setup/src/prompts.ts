/** Questions in a terminal. */
import { isCancel, select, text } from "@clack/prompts";

/** The user pressed Ctrl-C. */
export class Stopped extends Error {}

/** @throws Stopped */
export async function answered<Value>(prompt: Promise<unknown>): Promise<Value> {
  const value = await prompt;
  if (isCancel(value)) throw new Stopped();
  return value as Value;
}

export function choice<Key extends string>(
  message: string,
  choices: Readonly<Record<Key, string>>,
  initialValue: Key,
  hints?: Readonly<Partial<Record<Key, string>>>,
): Promise<Key> {
  const options = (Object.entries(choices) as [Key, string][]).map(([value, label]) => ({
    value,
    label,
    ...(hints?.[value] !== undefined && { hint: hints[value] }),
  }));
  return answered<Key>(select<string>({ message, options, initialValue }));
}

export function words(
  message: string,
  initialValue: string,
  validate: (value: string) => string | undefined,
): Promise<string> {
  return answered<string>(text({ message, initialValue, validate: (value) => validate(value ?? "") }));
}

export async function figure(message: string, before: number, min: number, max: number): Promise<number> {
  return numberOf(await words(message, String(before), (value) => outside(value, min, max)));
}

export function wholeFigure(message: string, before: number, min: number, max: number): Promise<number> {
  const isWhole = (value: string) => Number.isInteger(numberOf(value));
  return words(message, String(before), (value) =>
    isWhole(value) ? outside(value, min, max) : `${min} – ${max}`,
  ).then(numberOf);
}

/** A number as French people write it too. */
export function numberOf(value: string): number {
  return Number(value.replace(",", "."));
}

/** @returns the range where the value lies outside it */
export function outside(value: string, min: number, max: number): string | undefined {
  const number = numberOf(value);
  return value.trim() !== "" && number >= min && number <= max ? undefined : `${min} – ${max}`;
}
