import { topics } from "@azru/contracts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decode, encode, InvalidMessageError } from "./message.ts";

describe("payloads on the wire", () => {
  it("are plain text for the clock and the status, JSON for the rest", () => {
    expect(encode(topics.clock, "2026-02-01T06:00:00Z")).toBe("2026-02-01T06:00:00Z");
    expect(encode(topics.status, "online")).toBe("online");
    expect(encode(topics.sensorMetrics, { temperature: 20 })).toBe('{"temperature":20}');
  });

  it("are refused, whatever the bytes, with an error of one line that names the topic", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.values(topics)),
        fc.uint8Array({ maxLength: 200 }),
        (topic, bytes) => {
          try {
            decode(topic, bytes);
          } catch (error) {
            expect(error).toBeInstanceOf(InvalidMessageError);
            expect((error as Error).message.startsWith(topic.path)).toBe(true);
            expect((error as Error).message).not.toContain("\n");
          }
        },
      ),
      { numRuns: 2000 },
    );
  });

  it("are refused where they are nested thousands of levels deep", () => {
    const levels = 10_000;
    const deep = "[".repeat(levels) + "]".repeat(levels);
    for (const topic of Object.values(topics)) {
      expect(() => decode(topic, Buffer.from(deep))).toThrow(InvalidMessageError);
    }
    const reading = Buffer.from(`{"temperature": ${deep}}`);
    expect(() => decode(topics.sensorMetrics, reading)).toThrow(InvalidMessageError);
  });

  it("are refused, whatever the JSON, with an error that names the topic", () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.values(topics)), fc.json(), (topic, text) => {
        try {
          decode(topic, Buffer.from(text));
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidMessageError);
        }
      }),
      { numRuns: 3000 },
    );
  });
});
