/** Payloads as bytes. */
import { describeZodError, type Topic, type TopicPayload } from "@azru/contracts";
import type { z } from "zod";

/** Longest payload that is looked at; the largest legitimate one, a week's plan, has some 150 kB. */
const maxBytes = 1_048_576;

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** A message that is not what its topic's contract says. */
export class InvalidMessageError extends Error {
  override readonly name = "InvalidMessageError";
}

/**
 * @throws InvalidMessageError naming the field and the value that do not fit the topic
 */
export function encode<T extends Topic>(topic: T, payload: TopicPayload<T>): string {
  const valid = validate(topic, payload);
  return topic.encoding === "text" ? String(valid) : JSON.stringify(valid);
}

/** A message as it was understood. */
export interface Decoded<T extends Topic> {
  readonly payload: TopicPayload<T>;
  /** Fields that were bad and that the message can do without; none where all was good. */
  readonly leftOut: readonly string[];
  /** What was bad about them. */
  readonly reason?: string;
}

/**
 * Reads a message. What the topic's tolerance covers is rewritten or left out.
 *
 * @throws InvalidMessageError when the bytes are too many, no UTF-8, no JSON, or do not fit the topic
 */
export function decode<T extends Topic>(topic: T, bytes: Uint8Array): Decoded<T> {
  if (bytes.length > maxBytes) {
    throw new InvalidMessageError(`${topic.path} must have <= ${maxBytes} bytes, has ${bytes.length}`);
  }
  const input = topic.encoding === "text" ? textOf(topic, bytes) : jsonOf(topic, bytes);
  const { tolerance } = topic;
  if (!tolerance) return { payload: validate(topic, input), leftOut: [] };
  const rewritten = tolerance.rewrite(input);
  const result = topic.schema.safeParse(rewritten);
  if (result.success) return { payload: result.data as TopicPayload<T>, leftOut: [] };
  const reason = describeZodError(result.error, rewritten, topic.path);
  const leftOut = dispensableFields(result.error, tolerance);
  const rest = topic.schema.safeParse(tolerance.rewrite(without(rewritten, leftOut)));
  if (!rest.success) throw new InvalidMessageError(reason);
  return { payload: rest.data as TopicPayload<T>, leftOut, reason };
}

function dispensableFields(
  error: z.ZodError,
  { dispensable, dropsUnknown = false }: NonNullable<Topic["tolerance"]>,
): readonly string[] {
  const bad = new Set<string>();
  for (const issue of error.issues) {
    const [field] = issue.path;
    if (issue.code === "unrecognized_keys" && dropsUnknown) for (const key of issue.keys) bad.add(key);
    else if (typeof field === "string" && dispensable.includes(field)) bad.add(field);
  }
  return [...bad];
}

function without(input: unknown, fields: readonly string[]): unknown {
  if (typeof input !== "object" || input === null) return input;
  return Object.fromEntries(Object.entries(input).filter(([name]) => !fields.includes(name)));
}

function validate<T extends Topic>(topic: T, input: unknown): TopicPayload<T> {
  const result = topic.schema.safeParse(input);
  if (!result.success) throw new InvalidMessageError(describeZodError(result.error, input, topic.path));
  return result.data as TopicPayload<T>;
}

function textOf(topic: Topic, bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch (cause) {
    throw new InvalidMessageError(`${topic.path} must be UTF-8`, { cause });
  }
}

function jsonOf(topic: Topic, bytes: Uint8Array): unknown {
  const text = textOf(topic, bytes);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new InvalidMessageError(`${topic.path} must be JSON, got ${JSON.stringify(text.slice(0, 60))}`, {
      cause,
    });
  }
}
