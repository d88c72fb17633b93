import { resolve } from "node:path";
import { UsageError } from "@azru/command-line";
import { allottedSeasons } from "@azru/simulation";
import { referenceYearSource } from "@azru/weather";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { parseCommand } from "./command.ts";

const day_ms = 86_400_000;

beforeEach(() => {
  for (const name of Object.keys(process.env)) if (name.startsWith("AZRU_")) vi.stubEnv(name, undefined);
});
afterEach(() => vi.unstubAllEnvs());

describe("without options", () => {
  it("simulates a home on the usual ports", () => {
    expect(parseCommand([])).toEqual({
      simulator: { speed: 900, pacing: "lockstep", startMs: Date.parse("2026-01-18T18:00+01:00") },
      httpHost: "127.0.0.1",
      httpPort: 8000,
      mqttPort: 1883,
      dataDirectory: resolve("data"),
      logLevel: "info",
      logFormat: "pretty",
    });
  });

  it("begins on the evening before a red day of the reference year", async () => {
    const { startMs } = parseCommand([])!.simulator!;
    const { colours } = await allottedSeasons(referenceYearSource(), startMs, startMs + day_ms);
    expect(["2026-01-18", "2026-01-19"].map((date) => colours.get(date))).toEqual(["blue", "red"]);
  });
});

it("reads every option", () => {
  const line =
    "--speed 3600 --pacing free --start 2026-02-01T06:00:00Z --http-host ::1 --http-port 0 --mqtt-port 1884 --data out/x --log-level warn --log-format json";
  expect(parseCommand(line.split(" "))).toEqual({
    simulator: { speed: 3600, pacing: "free", startMs: Date.parse("2026-02-01T06:00:00Z") },
    httpHost: "::1",
    httpPort: 0,
    mqttPort: 1884,
    dataDirectory: resolve("out/x"),
    logLevel: "warn",
    logFormat: "json",
  });
});

it("takes the environment for what the command line leaves open", () => {
  vi.stubEnv("AZRU_SPEED", "60");
  vi.stubEnv("AZRU_HTTP_PORT", "9000");
  expect(parseCommand(["--http-port", "9001"])).toMatchObject({ simulator: { speed: 60 }, httpPort: 9001 });
});

it("heats a real home without the simulator", () => {
  expect(parseCommand(["--no-simulator"])).not.toHaveProperty("simulator");
});

it("takes a time without offset as Europe/Paris, in summer too", () => {
  const summer = parseCommand(["--start", "2026-07-01T12:00"])!.simulator!;
  expect(summer.startMs).toBe(Date.parse("2026-07-01T12:00+02:00"));
});

it.for([
  ["--speed", "fast"],
  ["--speed", "0"],
  ["--pacing", "quick"],
  ["--start", "tomorrow"],
  ["--http-port", "65536"],
  ["--mqtt-port", "18.5"],
  ["--log-level", "loud"],
])("refuses %s %s in one line that names both", ([option, value]) => {
  const refused = () => parseCommand([option, value]);
  expect(refused).toThrow(UsageError);
  expect(refused).toThrow(new RegExp(`^option '${option} <\\w+>' argument '${value}' is invalid\\..*$`));
});

it("refuses what it does not know", () => {
  expect(() => parseCommand(["--sped", "1"])).toThrow("unknown option '--sped'");
  expect(() => parseCommand(["now"])).toThrow("too many arguments");
});

it("names the variable that is wrong", () => {
  vi.stubEnv("AZRU_SPEED", "fast");
  expect(() => parseCommand([])).toThrow("value 'fast' from env 'AZRU_SPEED' is invalid");
});
