/** Structured logs: readable on a terminal, JSON otherwise, and never a secret in them. */
import { createRequire } from "node:module";
import pino, { type DestinationStream, type Logger } from "pino";
import { printableRecord } from "./printable.ts";
import { hasColours } from "./terminal.ts";

export type { Logger } from "pino";

export interface LoggerOptions {
  readonly service: string;
  readonly level?: "trace" | "debug" | "info" | "warn" | "error" | "fatal" | "silent";
  /** `pretty` on a terminal and `json` elsewhere by default. */
  readonly format?: "pretty" | "json" | undefined;
  /** Values that must not appear; wherever they do, `[secret]` stands instead. */
  readonly secrets?: readonly string[];
  /** Where the lines go; standard output by default. */
  readonly destination?: DestinationStream;
}

const sensitive = ["password", "token", "secret", "authorization", "cookie"];
const shortestSecret = 4; // hiding shorter ones would riddle every line and hide little

/** A logger for one service. */
export function createLogger({
  service,
  level = "info",
  format = process.stdout.isTTY ? "pretty" : "json",
  secrets = [],
  destination = pino.destination({ fd: 1, sync: true }),
}: LoggerOptions): Logger {
  const target = format === "json" ? destination : prettyOnto(destination);
  const paths = sensitive.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);
  return pino(
    {
      level,
      base: { service },
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths, censor: "[secret]" },
    },
    hiding(secrets, target),
  );
}

function prettyOnto(target: DestinationStream): DestinationStream {
  // Not loaded where logs are JSON: it takes 4 MB.
  const { prettyFactory } = createRequire(import.meta.url)("pino-pretty") as typeof import("pino-pretty");
  const toText = prettyFactory({
    colorize: hasColours(process.stdout),
    translateTime: "SYS:HH:MM:ss",
    messageFormat: "{service}: {msg}",
    ignore: "service",
  });
  return { write: (line) => target.write(toText(printableRecord(line))) };
}

/** Replaces secrets in lines of JSON: plain strings, JSON within strings, parts of a URL. */
function hiding(secrets: readonly string[], target: DestinationStream): DestinationStream {
  const hidden = secrets
    .filter((secret) => secret.length >= shortestSecret)
    .flatMap((secret) => [escaped(escaped(secret)), escaped(secret), encodeURIComponent(secret)]);
  if (hidden.length === 0) return target;
  return {
    write(line) {
      let text = line;
      for (const secret of hidden) text = text.replaceAll(secret, "[secret]");
      target.write(text);
    },
  };
}

function escaped(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}
