/** The lines of all services as one log. */
import { printable, printableRecord } from "@azru/runtime";
import { type PrettyOptions, prettyFactory } from "pino-pretty";

export interface LogPrinterOptions {
  readonly format: "pretty" | "json";
  readonly colour: boolean;
  readonly write: (text: string) => void;
}

/** Prints a line that a service wrote: a record of its log, or anything else. */
export type LogPrinter = (service: string, line: string) => void;

/** Says in a simulation when something was decided: "Sun 18:15". */
const homeTime = new Intl.DateTimeFormat("en-GB", {
  timeZone: "Europe/Paris",
  weekday: "short",
  hour: "2-digit",
  minute: "2-digit",
});
/** Width of the longest name, `sensor-simulator`. */
const nameWidth = 16;
const warning = 40; // pino's level
/** Details that a record of what goes well is read for: what a decision came from, how a device is driven. */
const essential = ["cause", "measured_at", "room", "device", "how", "file", "fallback"];
const json = /^\{.*\}$/;

/**
 * Prints records in the order they come: for people one readable line each, with all details where something
 * is wrong and the essential ones elsewhere; for machines as they are. What is no record, such as the last words of a process, gets its service's
 * name.
 */
export function createLogPrinter({ format, colour, write }: LogPrinterOptions): LogPrinter {
  if (format === "json") {
    return (service, line) =>
      write(json.test(line) ? `${line}\n` : `${JSON.stringify({ service, msg: line })}\n`);
  }
  const options: PrettyOptions = {
    colorize: colour,
    translateTime: "SYS:HH:MM:ss",
    ignore: "service,pid",
    messageFormat: ({ service, home_time, ...record }, messageKey, _level, { colors }) => {
      const at = typeof home_time === "string" ? `${homeTime.format(new Date(home_time))} ` : "";
      return `${colors.bold(String(service).padEnd(nameWidth))} ${at}${record[messageKey]}`;
    },
  };
  const brief = prettyFactory({
    ...options,
    singleLine: true,
    include: ["time", "level", ...essential].join(),
  });
  const full = prettyFactory({ ...options, singleLine: true });
  return (service, line) => {
    if (!json.test(line)) write(`${service.padEnd(nameWidth)} ${printable(line)}\n`);
    else write((levelOf(line) >= warning ? full : brief)(printableRecord(line)));
  };
}

function levelOf(record: string): number {
  return Number(/"level":(\d+)/.exec(record)?.[1] ?? 0);
}
