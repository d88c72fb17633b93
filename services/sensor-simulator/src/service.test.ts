import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import {
  isoTimeOf,
  parseBuilding,
  type SensorMetrics,
  type ServiceStatus,
  type TariffState,
  timeMsOf,
  topics,
} from "@azru/contracts";
import { connect, type Messenger } from "@azru/messaging";
import { type BrokerKind, brokers, type TestBroker } from "@azru/messaging/testing";
import {
  fromSource,
  type ProgramOptions,
  runProgram,
  type ServiceProcess,
  startService,
} from "@azru/runtime/testing";
import mqtt, { type MqttClient } from "mqtt";
import { afterEach, describe, expect, it } from "vitest";

const main = new URL("./main.ts", import.meta.url);
const buildingFile = fileURLToPath(new URL("../../../examples/buildings/medium.json", import.meta.url));
const { maxPower_w } = parseBuilding(readFileSync(buildingFile, "utf8"), buildingFile).heating;
const silent = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};
const startMs = Date.UTC(2026, 0, 10, 23); // midnight at home
const quarterMs = 15 * 60_000;
const open: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

/** A core's view: receives from the house, and answers the clock. */
interface Site {
  readonly broker: TestBroker;
  readonly messenger: Messenger;
  readonly device: MqttClient;
  readonly metrics: SensorMetrics[];
  readonly clocks: number[];
  readonly statuses: ServiceStatus[];
  /** Called with every time that is published. */
  onClock: (timeMs: number) => void;
}

async function siteOn(kind: BrokerKind): Promise<Site> {
  const broker = await kind.start();
  open.push(broker.stop);
  const messenger = connect({ url: broker.url, service: "core", log: silent, reconnectMin_ms: 20 });
  open.push(() => messenger.close());
  const device = await mqtt.connectAsync(broker.url, { reconnectPeriod: 0 });
  device.on("error", () => undefined);
  open.push(() => device.endAsync(true));
  const site: Site = {
    broker,
    messenger,
    device,
    metrics: [],
    clocks: [],
    statuses: [],
    onClock: () => undefined,
  };
  messenger.subscribe(topics.sensorMetrics, ({ payload }) => site.metrics.push(payload));
  messenger.subscribe(topics.clock, ({ payload }) => {
    site.clocks.push(timeMsOf(payload));
    site.onClock(timeMsOf(payload));
  });
  messenger.subscribe(topics.status, ({ payload }) => site.statuses.push(payload), {
    params: { service: "sensor-simulator" },
  });
  await messenger.whenConnected();
  return site;
}

function simulatorOn(site: Site, environment: Readonly<Record<string, string>>): ServiceProcess {
  const simulator = startService(main, {
    MQTT_URL: site.broker.url,
    AZRU_BUILDING: buildingFile,
    ...environment,
  });
  open.push(async () => {
    simulator.kill("SIGKILL");
    await simulator.ended;
  });
  return simulator;
}

/** Resolves when the clock has this time or a later one; meanwhile `act` answers each time. */
function until(site: Site, timeMs: number, act: (nowMs: number) => unknown = () => undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    site.onClock = (nowMs) => {
      if (nowMs >= timeMs) resolve();
      else Promise.resolve(nowMs).then(act).catch(reject);
    };
  });
}

const room = { room: "living-room" };

/** The valve position that a test decides on at an instant. */
function positionFor(timeMs: number): number {
  return ((timeMs - startMs) / quarterMs) % 3 === 1 ? 80 : 10;
}

function decide({ messenger }: Site, timeMs: number): Promise<unknown> {
  const time = isoTimeOf(timeMs);
  return messenger.publish(topics.valveSet, room, {
    valve_position: positionFor(timeMs),
    source: "mpc",
    sim_time: time,
    issued_at: time,
    id: `d${timeMs}`,
  });
}

/** Lives through some quarters in lockstep, deciding each, and ends in good order. */
async function liveThrough(site: Site, quarters: number, environment: Readonly<Record<string, string>> = {}) {
  site.metrics.length = 0;
  site.clocks.length = 0;
  const simulator = simulatorOn(site, { AZRU_PACING: "lockstep", ...environment });
  await until(site, startMs + quarters * quarterMs, async (nowMs) => {
    if ((nowMs - startMs) % quarterMs === 0) await decide(site, nowMs);
  });
  simulator.kill("SIGTERM");
  expect(await simulator.ended).toBe(0);
  return simulator;
}

/** The measurements without those repeated for a core that comes late. */
function distinct(metrics: readonly SensorMetrics[]): SensorMetrics[] {
  return metrics.filter(({ sim_time }, i) => sim_time !== metrics[i - 1]?.sim_time);
}

for (const kind of brokers) {
  describe.skipIf(!kind.available)(`the simulated home on ${kind.name}`, () => {
    it("waits for every decision, carries it out, and says what is valid", async () => {
      const site = await siteOn(kind);
      const simulator = await liveThrough(site, 8);
      expect(site.messenger.metrics().topics.sensorMetrics).toMatchObject({ rejected: 0, failed: 0 });
      expect(site.messenger.metrics().topics.clock).toMatchObject({ rejected: 0, failed: 0 });
      expect(site.clocks).toEqual(site.clocks.toSorted((a, b) => a - b));

      const metrics = distinct(site.metrics).slice(0, 8 * 15 + 1);
      expect(metrics.map(({ sim_time }) => timeMsOf(sim_time!))).toEqual(
        Array.from({ length: 8 * 15 + 1 }, (_, minute) => startMs + minute * 60_000),
      );
      for (const { sim_time, valve_position, power_consumption } of metrics.slice(1)) {
        const stepMs = timeMsOf(sim_time!) - 60_000;
        const decidedMs = stepMs - ((stepMs - startMs) % quarterMs);
        expect(valve_position).toBeCloseTo(positionFor(decidedMs), 9);
        expect(power_consumption).toBeCloseTo((positionFor(decidedMs) / 100) * maxPower_w, 9);
      }
      expect(simulator.log).toContainEqual(
        expect.objectContaining({ msg: "simulated", missedDecisions: 0, verdicts: { accepted: 8 } }),
      );
      expect(site.statuses).toEqual(["online", "offline"]);
    });

    it("ignores what is no command, no command for it, or no command of now", async () => {
      const site = await siteOn(kind);
      const { device } = site;
      const simulator = simulatorOn(site, { AZRU_PACING: "lockstep", AZRU_ROOM: "salon" });
      const say = (name: string, payload: string | object) =>
        device.publishAsync(name, typeof payload === "string" ? payload : JSON.stringify(payload), {
          qos: 1,
        });
      const command = (valve_position: unknown, timeMs: number, more: object = {}) => {
        const time = isoTimeOf(timeMs);
        return { valve_position, source: "manual", sim_time: time, issued_at: time, ...more };
      };
      let asked = 0;
      await until(site, startMs + 2 * quarterMs, async (nowMs) => {
        if (nowMs !== startMs + asked * quarterMs) return;
        asked++;
        await say("home/salon/valve/set", "{");
        await say("home/salon/valve/set", command(101, nowMs));
        await say("home/salon/valve/set", command("full", nowMs));
        await say("home/kitchen/valve/set", command(70, nowMs));
        await say("home/salon/valve/set", command(90, nowMs - 2 * 3_600_000));
        await say("home/salon/valve/set", command(30, nowMs, { id: "once" }));
        await say("home/salon/valve/set", command(95, nowMs, { id: "once" }));
        if (asked === 2) await say("home/salon/valve/set", command(30, nowMs, { id: "twice" }));
      });
      simulator.kill("SIGTERM");
      expect(await simulator.ended).toBe(0);
      const valves = distinct(site.metrics)
        .slice(1, 31)
        .map(({ valve_position }) => valve_position);
      expect(new Set(valves)).toEqual(new Set([30]));
      const summary = simulator.log.find(({ msg }) => msg === "simulated")!;
      expect(summary.messages).toMatchObject({ valveSet: { rejected: 6 } });
      expect(summary.verdicts).toEqual({ stale: 2, accepted: 2, duplicate: 3 });
    });
  });
}

/** Where nothing depends on the broker, one of them will do. */
const best = brokers.filter(({ available }) => available).at(-1)!;

describe(`the simulated home on ${best.name}`, () => {
  it("lives through the same again for the same seed", async () => {
    const site = await siteOn(best);
    const of = async (seed: string) => {
      await liveThrough(site, 3, { AZRU_SEED: seed, AZRU_WEATHER: "scenario:harsh-winter" });
      return distinct(site.metrics).slice(0, 3 * 15 + 1);
    };
    const metrics = await of("7");
    expect(metrics).toHaveLength(46);
    expect(await of("7")).toEqual(metrics);
    expect((await of("8")).map(({ temperature }) => temperature)).not.toEqual(
      metrics.map(({ temperature }) => temperature),
    );
  });

  it("pays the price that the core announces", async () => {
    const site = await siteOn(best);
    const day = { date: "2026-01-11", peak_price: 0.5, off_peak_price: 0.1 };
    const midnight = isoTimeOf(startMs);
    const tariff: TariffState = {
      issued_at: midnight,
      tariff: "test",
      source: "test",
      today: day,
      tomorrow: day,
      rates: [
        { start: midnight, end: isoTimeOf(startMs + quarterMs), price: 0.1, period: "off_peak" },
        {
          start: isoTimeOf(startMs + quarterMs),
          end: isoTimeOf(startMs + 86_400_000),
          price: 0.5,
          period: "peak",
        },
      ],
    };
    await site.messenger.publish(topics.tariff, {}, tariff);
    await liveThrough(site, 3);
    const { heating_cost_cumulative } = distinct(site.metrics)[3 * 15];
    const quarterHeat_kwh = maxPower_w / 1000 / 4;
    expect(heating_cost_cumulative).toBeCloseTo(quarterHeat_kwh * (0.1 * 0.1 + 0.8 * 0.5 + 0.1 * 0.5), 9);
  });

  it("runs on without anybody, and through a restart of the broker", async () => {
    const site = await siteOn(best);
    const simulator = simulatorOn(site, {
      AZRU_SPEED: "3600",
      AZRU_START: "2026-01-11T00:00:00",
      AZRU_VALVE_TIMEOUT_MINUTES: "30",
    });
    await until(site, startMs + 2 * quarterMs);
    await site.broker.kill();
    await site.broker.restart();
    const backMs = site.clocks.at(-1)!;
    await until(site, backMs + 4 * quarterMs);
    expect(site.clocks).toEqual(site.clocks.toSorted((a, b) => a - b));
    expect(site.metrics.at(-1)!.valve_position).toBe(30);
    simulator.kill("SIGTERM");
    expect(await simulator.ended).toBe(0);
    expect(simulator.log).toContainEqual(
      expect.objectContaining({ msg: "valve takes its safe position", position: 30 }),
    );
  });
});

describe("the command line of the service", () => {
  const run = (argv: string[], { environment, ...options }: ProgramOptions = {}) =>
    runProgram(main, argv, {
      ...options,
      environment: { AZRU_BUILDING: buildingFile, AZRU_LOG_FORMAT: "json", ...environment },
    });

  it("prints its configuration when asked for help", async () => {
    const { code, stdout } = await run(["--help"], { as: fromSource });
    expect(code).toBe(0);
    for (const name of ["MQTT_URL", "AZRU_PACING=free", "AZRU_WEATHER=reference", "AZRU_SAMPLE_SECONDS=60"]) {
      expect(stdout).toContain(name);
    }
  });

  it("names the variable that makes no sense, and does not start", async () => {
    const { code, stderr } = await run([], { environment: { AZRU_SAMPLE_SECONDS: "7", AZRU_START: "soon" } });
    expect(code).toBe(2);
    expect(stderr.trim().split("\n")).toEqual([
      expect.stringMatching(/^sensor-simulator: AZRU_START .*"soon"$/),
      expect.stringMatching(/^sensor-simulator: AZRU_SAMPLE_SECONDS .*"7"$/),
    ]);
  });

  it.each([
    [{ AZRU_BUILDING: "nowhere.json" }, "nowhere.json cannot be read: ENOENT"],
    [{ AZRU_WEATHER: "sunny" }, 'unknown weather "sunny"'],
  ])("says why it cannot start with %j", async (environment: Record<string, string>, reason) => {
    const { code, stdout } = await run([], { environment });
    expect(code).toBe(1);
    const fatal = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line))
      .find(({ level }) => level === 60);
    expect(fatal.err.message).toContain(reason);
  });
});
