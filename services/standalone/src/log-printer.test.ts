import { createLogger } from "@azru/runtime";
import { expect, it } from "vitest";
import { createLogPrinter, type LogPrinterOptions } from "./log-printer.ts";

function printing(options: Partial<LogPrinterOptions> = {}) {
  const printed: string[] = [];
  const print = createLogPrinter({
    format: "pretty",
    colour: false,
    write: (text) => void printed.push(text),
    ...options,
  });
  const destination = { write: (line: string) => print("core", line.trimEnd()) };
  return { print, printed, log: createLogger({ service: "core", format: "json", destination }) };
}

it("prints what goes well as one short line, with the time and the service", () => {
  const { log, printed } = printing();
  log.info({ url: "http://localhost:8000" }, "listening");
  expect(printed).toEqual([expect.stringMatching(/^\[\d\d:\d\d:\d\d\] INFO: core {12} listening\n$/)]);
});

it("says when in the simulated home something was decided", () => {
  const { log, printed } = printing();
  log.info({ home_time: "2026-01-18T17:15:00.000Z" }, "valve 40 % (mpc)");
  expect(printed[0]).toMatch(/core {12} Sun 18:15 valve 40 % \(mpc\)\n$/);
});

it("prints what a decision came from beside it, and no more", () => {
  const { log, printed } = printing();
  log.info({ cause: "step", measured_at: "2026-01-18T17:14:00.000Z", rooms: 3 }, "valve 40 % (mpc)");
  expect(printed[0]).toMatch(
    /valve 40 % \(mpc\) \{"cause":"step","measured_at":"2026-01-18T17:14:00.000Z"\}\n$/,
  );
});

it("prints nothing that would command a terminal, nor a line that no service wrote", () => {
  const { print, log, printed } = printing();
  const escapes = "\u001b[2Jbad\nforged";
  log.info({ cause: escapes }, escapes);
  log.warn({ room: escapes }, escapes);
  print("mpc", "last \u001b[2Jwords");
  expect(printed.map((text) => text.replace(/^.*?core +/, ""))).toEqual([
    '\\u001b[2Jbad\\nforged {"cause":"\\u001b[2Jbad\\nforged"}\n',
    '\\u001b[2Jbad\\nforged {"room":"\\u001b[2Jbad\\nforged"}\n',
    "mpc              last \\u001b[2Jwords\n",
  ]);
});

it("prints what goes wrong with its details", () => {
  const { log, printed } = printing();
  log.warn({ broker: "localhost:1883", attempts: 3 }, "no connection");
  expect(printed[0]).toMatch(/WARN: core +no connection \{"broker":"localhost:1883","attempts":3\}\n$/);
});

it("prints what is no record with the name of its service", () => {
  const { print, printed } = printing();
  print("mpc", "FATAL ERROR: Reached heap limit");
  expect(printed).toEqual(["mpc              FATAL ERROR: Reached heap limit\n"]);
});

it("colours on a terminal only", () => {
  const escapeCode = String.fromCharCode(27);
  const onTerminal = printing({ colour: true });
  onTerminal.log.info("hello");
  expect(onTerminal.printed[0]).toContain(escapeCode);
  const elsewhere = printing();
  elsewhere.log.info("hello");
  expect(elsewhere.printed[0]).not.toContain(escapeCode);
});

it("leaves records as they are for machines, and makes records of the rest", () => {
  const { log, print, printed } = printing({ format: "json" });
  log.info({ valve_position: 40 }, "decided");
  print("mpc", "Segmentation fault");
  const records = printed.map((line) => JSON.parse(line));
  expect(records[0]).toMatchObject({ level: 30, service: "core", valve_position: 40, msg: "decided" });
  expect(records[1]).toEqual({ service: "mpc", msg: "Segmentation fault" });
});
