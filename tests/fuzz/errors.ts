/** What a refusal must be. */
import assert from "node:assert/strict";

type ErrorClass = abstract new (...args: never[]) => Error;

/** More than this nobody reads. */
const longest = 600;

/** Line ends and whatever else terminals act on. */
const hasControlCharacter = (text: string) => [...text].some((character) => character < " ");

/**
 * Runs something that may be refused.
 *
 * @returns its result, or undefined where it threw one of `allowed` with a message of one line that fits `message`
 */
export function refusedOr<T>(run: () => T, allowed: readonly ErrorClass[], message: RegExp): T | undefined {
  try {
    return run();
  } catch (error) {
    checkRefusal(error, allowed, message);
    return undefined;
  }
}

/** The same of something that takes a while. */
export async function rejectedOr<T>(
  promise: Promise<T>,
  allowed: readonly ErrorClass[],
  message: RegExp,
): Promise<T | undefined> {
  try {
    return await promise;
  } catch (error) {
    checkRefusal(error, allowed, message);
    return undefined;
  }
}

function checkRefusal(error: unknown, allowed: readonly ErrorClass[], message: RegExp): void {
  // A subclass is fine, a TypeError that wandered in is not.
  if (!allowed.some((type) => error instanceof type)) throw error;
  checkLine((error as Error).message, message);
}

/** Asserts that a text is one short line that fits. */
export function checkLine(text: string, pattern: RegExp): void {
  assert.ok(!hasControlCharacter(text), `more than one line: ${JSON.stringify(text)}`);
  assert.ok(text.length <= longest, `too long (${text.length}): ${text}`);
  assert.match(text, pattern);
}
