import { describe, expect, it } from "vitest";
import { createLogger, type LoggerOptions } from "./logger.ts";

function loggerTo(lines: string[], options: Partial<LoggerOptions> = {}) {
  return createLogger({
    service: "core",
    format: "json",
    destination: { write: (line) => lines.push(line) },
    ...options,
  });
}

describe("logger", () => {
  it("writes a JSON object a line, with service, time and error", () => {
    const lines: string[] = [];
    loggerTo(lines).warn({ err: new RangeError("too warm"), room: "bath" }, "sensor ignored");
    expect(lines).toHaveLength(1);
    const line = JSON.parse(lines[0]);
    expect(line).toMatchObject({ level: 40, service: "core", room: "bath", msg: "sensor ignored" });
    expect(line.err).toMatchObject({ type: "RangeError", message: "too warm" });
    expect(new Date(line.time).toISOString()).toBe(line.time);
  });

  it("leaves out what is below its level", () => {
    const lines: string[] = [];
    const log = loggerTo(lines, { level: "warn" });
    log.info("quiet");
    log.error("loud");
    expect(lines.map((line) => JSON.parse(line).msg)).toEqual(["loud"]);
  });

  it("is readable on a terminal", () => {
    const lines: string[] = [];
    loggerTo(lines, { format: "pretty" }).info({ room: "bath" }, "valve opened");
    expect(lines.join("")).toMatch(/^\[\d\d:\d\d:\d\d\] INFO: core: valve opened\n\s+room: "bath"\n$/);
  });

  it("shows every field of a record on a terminal, and escapes what would command it", () => {
    const lines: string[] = [];
    const log = loggerTo(lines, { format: "pretty" });
    const escapes = "bad\u001b[2J\u009b31m\u202e\r\nINFO: core: forged\u2028C:\\path";
    const escaped = "bad\\u001b[2J\\u009b31m\\u202e\\r\\nINFO: core: forged\\u2028C:\\path";
    const error = Object.assign(new Error(escapes), { code: escapes });
    log.warn({ room: escapes, rooms: { [escapes]: [escapes] }, cause: "step", err: error }, escapes);
    const text = lines.join("");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u202e]/);
    expect(text).not.toMatch(/^INFO/m);
    expect(text).toContain(`WARN: core: ${escaped}\n`);
    expect(text).toContain(`room: "${escaped}"\n`);
    expect(text).toContain(`"${escaped}": [`);
    expect(text).toContain('cause: "step"');
    expect(text).toContain('"code": "bad');
    expect(text).toMatch(/^ +at .*logger\.test\.ts/m); // the stack keeps its lines
  });

  it.each(["json", "pretty"] as const)("never shows a secret, wherever it hides (%s)", (format) => {
    const lines: string[] = [];
    const secret = 'tok"en/with \\odd chars';
    const log = loggerTo(lines, { format, secrets: [secret, "abc"] });
    log.info(
      {
        body: JSON.stringify({ secret }),
        url: `http://user:${encodeURIComponent(secret)}@host`,
        nested: { deep: [secret] },
      },
      secret,
    );
    log.error({ err: new Error(`login with ${secret} failed`) }, "abc");
    log.info(
      { password: "p1", mqtt: { password: "p2" }, req: { headers: { authorization: "Bearer p3" } } },
      "x",
    );
    const text = lines.join("\n");
    expect(text).not.toContain("with \\odd");
    expect(text).not.toContain(JSON.stringify(secret).slice(1, -1));
    expect(text).not.toContain(encodeURIComponent(secret));
    expect(text).not.toMatch(/p[123]\b/);
    expect(text).toContain("[secret]");
    expect(text).toContain("abc");
  });
});
