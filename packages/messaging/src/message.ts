/** Payloads as bytes. */
import { describeZodError, type Topic, type TopicPayload } from "@azru/contracts";

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

/**
 * @throws InvalidMessageError when the bytes are too many, no UTF-8, no JSON, or do not fit the topic
 */
export function decode<T extends Topic>(topic: T, bytes: Uint8Array): TopicPayload<T> {
  if (bytes.length > maxBytes) {
    throw new InvalidMessageError(`${topic.path} must have <= ${maxBytes} bytes, has ${bytes.length}`);
  }
  return validate(topic, topic.encoding === "text" ? textOf(topic, bytes) : jsonOf(topic, bytes));
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
