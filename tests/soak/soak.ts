/**
 * A home that lives through weeks of faults: core and optimiser as real processes, a real Mosquitto, a database that
 * speaks as InfluxDB does. The house is the building's own physics; its sensor and valve are played here.
 */

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  isoTimeOf,
  parseBuilding,
  stateResponseSchema,
  timeMsOf,
  topicNameOf,
  topics,
  type ValveCommand,
} from "@azru/contracts";
import { uniform } from "@azru/control/testing";
import { connect } from "@azru/messaging";
import { freePort, startMosquitto } from "@azru/messaging/testing";
import { referenceYearSource, stepMeans } from "@azru/weather";
import mqtt from "mqtt";
import { dealFaults, type Fault, type FaultKind, faultKinds } from "./faults.ts";
import { createHouse } from "./house.ts";
import { type Holding, serviceOf } from "./service.ts";
import { readingKey, type StoreTrouble, startStore } from "./store.ts";
import { createWrongWorker, type WrongWorker } from "./wrong-worker.ts";

export interface SoakOptions {
  readonly days: number;
  readonly seed: number;
  readonly faults: number;
  /** Ends after the day in which so much wall time has passed. */
  readonly within_ms?: number;
  /** Called with each day that is over. */
  readonly onDay?: (day: number) => void;
}

export interface SoakReport {
  readonly days: number;
  readonly seed: number;
  readonly wall_s: number;
  readonly faults: Readonly<Record<FaultKind, number>>;
  readonly decisions: { readonly due: number; readonly made: number; readonly missed: readonly string[] };
  /** Commands by who decided. */
  readonly sources: Readonly<Record<string, number>>;
  /** Of the core, over all its lives. */
  readonly fallbacks: Readonly<Record<string, number>>;
  readonly comfort: {
    readonly coldest_c: number;
    readonly warmest_c: number;
    readonly below19_kh: number;
    readonly above28_kh: number;
  };
  /** Times in which the room was beyond the bounds and the core is to blame, with the fault then and the extreme. */
  readonly beyond: readonly string[];
  /** The same in the steps that the core is not judged by (`createBlame`); undefined where there were none. */
  readonly excused: { readonly coldest_c: number; readonly warmest_c: number } | undefined;
  readonly readings: {
    readonly sent: number;
    readonly stored: number;
    /** Not stored, and sent within the last flush interval before the core was killed. */
    readonly lostByKill: number;
    /** Not stored for any other reason, and what was wrong then. */
    readonly lost: readonly string[];
  };
  /** What the core has counted of the saving, and how much time there was in which it can have been known. */
  readonly saving: {
    readonly counted_h: number;
    readonly known_h: number;
    readonly lived_h: number;
    readonly saved_eur: number;
    readonly baseline_eur: number;
  };
  readonly memory: { readonly core: Growth; readonly mpc: Growth };
  /** Wall time that the slowest orderly stop took, and how many there were. */
  readonly stops: { readonly count: number; readonly slowest_ms: number; readonly failed: number };
}

/** Of the life that lasted longest, when it had warmed up and at its end. */
export interface Growth {
  readonly begin: Holding;
  readonly end: Holding;
  readonly steps: number;
}

const room = "living-room";
/** No room may be colder or warmer, but by a broken heater or a valve set by hand. */
export const bounds_c = { coldest: 17, warmest: 29 };
const startMs = Date.UTC(2026, 0, 11, 5);
const step_ms = 900_000;
const stepsPerDay = 96;
const patience_ms = 1_000; // a sensor that gets no answer speaks again, as one that speaks every minute does
const attempts = 40;
/** What the core writes reaches the database within its flush interval, here with what a busy machine adds. */
const flush_ms = 3_000;
const warmUp_steps = 16;
/** Two readings farther apart leave unknown what was paid between them. */
const knownGap_ms = 3_600_000;

export async function soak(options: SoakOptions): Promise<SoakReport> {
  const { days, seed } = options;
  const steps = days * stepsPerDay;
  const startedAt = performance.now();
  const folder = mkdtempSync(join(tmpdir(), "azru-soak-"));
  const broker = await startMosquitto();
  const store = await startStore();
  const httpPort = await freePort();
  const api = `http://127.0.0.1:${httpPort}`;
  const common = { MQTT_URL: broker.url };
  const ofCore = {
    ...common,
    AZRU_TIME: "simulated",
    AZRU_MPC_TIMEOUT_SECONDS: "1",
    AZRU_MANUAL_HOURS: "0.5",
    INFLUXDB_URL: store.url,
    INFLUXDB_TOKEN: "soak",
  };
  const core = serviceOf("core", {
    ...ofCore,
    AZRU_DATA_DIR: folder,
    AZRU_HTTP_PORT: String(httpPort),
  });
  const second = serviceOf(
    "core",
    { ...ofCore, AZRU_DATA_DIR: join(folder, "second"), AZRU_HTTP_PORT: "0" },
    false,
  );
  const mpc = serviceOf("mpc", { ...common, AZRU_MPC_THREADS: "1" });

  const building = parseBuilding(
    readFileSync(new URL("../../examples/buildings/medium.json", import.meta.url), "utf8"),
    "medium.json",
  );
  const spare = 3 * stepsPerDay + options.faults * 8; // what the clock may jump ahead
  const series = await referenceYearSource().series(startMs, startMs + (steps + spare) * step_ms);
  const house = createHouse(building, stepMeans(series, startMs, step_ms / 1000, steps + spare), 20);

  const commands: ValveCommand[] = [];
  let onCommand: () => void = () => undefined;
  const device = connect({
    url: broker.url,
    service: "soak",
    log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
    reconnectMin_ms: 50,
    reconnectMax_ms: 500,
  });
  device.subscribe(topics.valveSet, ({ payload }) => {
    commands.push(payload);
    onCommand();
  });
  await device.whenConnected();

  const random = uniform(seed ^ 0x5eed);
  const faults = dealFaults(seed, steps, options.faults);
  const counts = Object.fromEntries(faultKinds.map((kind) => [kind, 0])) as Record<FaultKind, number>;
  const sources: Record<string, number> = {};
  const fallbacks: Record<string, number> = {};
  const missed: string[] = [];
  const sent: {
    readonly timeMs: number;
    readonly wall_ms: number;
    readonly fault?: FaultKind | undefined;
  }[] = [];
  const kills_ms: number[] = [];
  let known_ms = 0;
  let measuredMs: number | undefined;
  const saving = { counted_h: 0, saved_eur: 0, baseline_eur: 0 };
  const growth = { core: growthOf(), mpc: growthOf() };
  const stops = { count: 0, slowest_ms: 0, failed: 0 };
  const comfort = {
    coldest_c: Number.POSITIVE_INFINITY,
    warmest_c: Number.NEGATIVE_INFINITY,
    below19_kh: 0,
    above28_kh: 0,
  };
  const excused = { coldest_c: Number.POSITIVE_INFINITY, warmest_c: Number.NEGATIVE_INFINITY };
  const isToBlame = createBlame();
  const beyond: Beyond[] = [];
  let wrongWorker: WrongWorker | undefined;
  let valve = 0;
  let made = 0;
  let lived_steps = 0;
  let timeMs = startMs;
  let frozen_c: number | undefined;

  /** Says what is measured and waits for the decision; speaks again where none comes. */
  async function decide(temperature: number | undefined): Promise<ValveCommand | undefined> {
    const sim_time = isoTimeOf(timeMs);
    const wanted = (command: ValveCommand) => timeMsOf(command.sim_time ?? sim_time) >= timeMs;
    const from = commands.length;
    for (let attempt = 1; attempt <= attempts; attempt++) {
      if (temperature !== undefined) {
        await device.publish(topics.sensorMetrics, { room }, { temperature, sim_time });
      }
      await device.publish(topics.clock, {}, sim_time);
      const answer = await nextCommand(from, wanted);
      if (answer) return answer;
    }
    return undefined;
  }

  function nextCommand(
    from: number,
    wanted: (command: ValveCommand) => boolean,
  ): Promise<ValveCommand | undefined> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => settle(undefined), patience_ms);
      const settle = (command: ValveCommand | undefined) => {
        clearTimeout(timer);
        onCommand = () => undefined;
        resolve(command);
      };
      onCommand = () => {
        const found = commands.slice(from).find(wanted);
        if (found) settle(found);
      };
      onCommand();
    });
  }

  /** Adds up what a life of the core has counted; asked before it ends. */
  async function countFallbacks(): Promise<void> {
    const text = await fetch(`${api}/metrics`, { signal: AbortSignal.timeout(5_000) }).then(
      (response) => response.text(),
      () => "",
    );
    for (const [, cause, value] of text.matchAll(/^azru_fallbacks_total\{cause="(\w+)"\} (\S+)$/gm)) {
      fallbacks[cause] = (fallbacks[cause] ?? 0) + Number(value);
    }
  }

  /** What the core says that it has saved. */
  async function readSaving(): Promise<void> {
    const response = await fetch(`${api}/state`, { signal: AbortSignal.timeout(20_000) });
    const { savings } = stateResponseSchema.parse(await response.json());
    if (!savings) throw new Error("the core counts no saving");
    if (timeMsOf(savings.since) < startMs) throw new Error(`the saving begins at ${savings.since}`);
    saving.counted_h = savings.hours;
    saving.saved_eur = savings.saved;
    saving.baseline_eur = savings.baseline_cost;
  }

  async function stopOrderly(service: typeof core): Promise<void> {
    const { code, took_ms } = await service.end("SIGTERM");
    stops.count++;
    stops.slowest_ms = Math.max(stops.slowest_ms, took_ms);
    if (code !== 0) stops.failed++;
  }

  /** A client that says what no contract allows. */
  async function sayGarbage(): Promise<void> {
    const client = await mqtt.connectAsync(broker.url, { reconnectPeriod: 0 });
    const names = [
      topicNameOf(topics.sensorMetrics, "home", { room }),
      topicNameOf(topics.clock, "home", {}),
      topicNameOf(topics.mpcRequest, "home", {}),
      topicNameOf(topics.mpcPlan, "home", {}),
      topicNameOf(topics.status, "home", { service: "soak-stranger" }),
    ];
    const texts = [
      "",
      "{",
      "null",
      '{"temperature": "hot"}',
      "\u0000\uffff",
      "[]",
      '{"id": "x", "status": "optimal"}',
    ];
    for (const name of names) {
      for (const text of texts) await client.publishAsync(name, text, { qos: 1 });
    }
    await client.endAsync();
  }

  async function flood(): Promise<void> {
    for (let i = 0; i < 500; i++) {
      const sim_time = isoTimeOf(timeMs - 500 + i);
      await device.publish(topics.sensorMetrics, { room: "attic" }, { temperature: 18 + random(), sim_time });
    }
  }

  /** A device whose battery, power and outdoor sensor are broken, and that writes numbers as text. */
  async function sayBadFields(): Promise<void> {
    const client = await mqtt.connectAsync(broker.url, { reconnectPeriod: 0 });
    const name = topicNameOf(topics.sensorMetrics, "home", { room: "kitchen" });
    const metrics = { temperature: "18.5", battery: 255, power_consumption: -3, external_temperature: -99 };
    await client.publishAsync(name, JSON.stringify(metrics), { qos: 1 });
    await client.endAsync();
  }

  async function inventRooms(): Promise<void> {
    const sim_time = isoTimeOf(timeMs - 1);
    for (let i = 0; i < 200; i++) {
      const name = `invented-${Math.floor(1e9 * random())}`;
      await device.publish(topics.sensorMetrics, { room: name }, { temperature: 40 * random(), sim_time });
    }
  }

  /** One decision of a year ahead; nothing is lived through. */
  async function leapAndReturn(): Promise<void> {
    const nowMs = timeMs;
    timeMs += 365 * stepsPerDay * step_ms;
    await decide(20);
    timeMs = nowMs;
  }

  async function sayWild(): Promise<void> {
    const client = await mqtt.connectAsync(broker.url, { reconnectPeriod: 0 });
    const name = topicNameOf(topics.sensorMetrics, "home", { room });
    for (const text of ['{"temperature": NaN}', '{"temperature": -300}', '{"temperature": 4000}'])
      await client.publishAsync(name, text, { qos: 1 });
    await client.endAsync();
  }

  async function begin({ kind }: Fault): Promise<void> {
    counts[kind]++;
    switch (kind) {
      case "optimiser killed":
        await mpc.end("SIGKILL");
        return;
      case "optimiser hangs":
        mpc.signal("SIGSTOP");
        return;
      case "broker restarted":
        await broker.kill();
        await broker.restart();
        return;
      case "core killed":
        await countFallbacks();
        kills_ms.push(performance.now());
        await core.end("SIGKILL");
        core.start();
        growth.core.restarted();
        return;
      case "core restarted":
        await countFallbacks();
        await stopOrderly(core);
        core.start();
        growth.core.restarted();
        return;
      case "store refuses":
      case "store hangs":
      case "store cuts connections":
        store.trouble(kind.slice("store ".length) as StoreTrouble);
        return;
      case "garbage on every topic":
        return sayGarbage();
      case "flood of measurements":
        return flood();
      case "sensor wild":
        return sayWild();
      case "bad fields":
        return sayBadFields();
      case "invented rooms":
        return inventRooms();
      case "second core":
        second.start();
        return;
      case "clock a year ahead and back":
        return leapAndReturn();
      case "clock jumps ahead": {
        const jump = 1 + Math.floor(random() * 8);
        timeMs += jump * step_ms;
        house.skip(jump);
        return;
      }
      case "valve by hand":
        await fetch(`${api}/control/valve`, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({ valve_position: Math.floor(100 * random()), duration_min: 45 }),
          signal: AbortSignal.timeout(5_000),
        });
        return;
      case "plans never heat":
      case "plans always heat":
        await mpc.end("SIGKILL");
        wrongWorker = await createWrongWorker(broker.url, kind === "plans never heat" ? 0 : 1);
        return;
      case "sensor silent":
      case "sensor frozen":
      case "sensor says 5":
      case "sensor says 30":
      case "heater does not heat":
      case "heater does not stop":
        return; // seen to where the house is heated and the temperature is said
    }
  }

  async function end({ kind }: Fault): Promise<void> {
    if (kind === "second core") await second.end("SIGTERM");
    else if (kind === "optimiser killed" || kind.startsWith("plans ")) {
      await wrongWorker?.close();
      wrongWorker = undefined;
      mpc.start();
      growth.mpc.restarted();
    } else if (kind === "optimiser hangs") mpc.signal("SIGCONT");
    else if (kind.startsWith("store ")) store.trouble(undefined);
  }

  try {
    for (let step = 0; step < steps; step++) {
      const isNewDay = step > 0 && step % stepsPerDay === 0;
      if (isNewDay && performance.now() - startedAt > (options.within_ms ?? Number.POSITIVE_INFINITY)) break;
      lived_steps++;
      for (const fault of faults) if (fault.atStep + fault.steps === step) await end(fault);
      for (const fault of faults) if (fault.atStep === step) await begin(fault);
      const current = faults.find((fault) => fault.atStep <= step && step < fault.atStep + fault.steps)?.kind;

      const air_c = house.step(heatedBy(valve, current));
      const isHarmed = current?.startsWith("heater ") || commands.at(-1)?.source === "manual";
      const extremes = isToBlame(air_c, valve, isHarmed) ? comfort : excused;
      const isBeyond = air_c < bounds_c.coldest || air_c > bounds_c.warmest;
      if (isBeyond && extremes === comfort) noteBeyond(beyond, timeMs, air_c, current);
      extremes.coldest_c = Math.min(extremes.coldest_c, air_c);
      extremes.warmest_c = Math.max(extremes.warmest_c, air_c);
      comfort.below19_kh += (Math.max(0, 19 - air_c) * step_ms) / 3_600_000;
      comfort.above28_kh += (Math.max(0, air_c - 28) * step_ms) / 3_600_000;

      frozen_c = current === "sensor frozen" ? (frozen_c ?? air_c) : undefined;
      const temperature = current === "sensor silent" ? undefined : (frozen_c ?? saidOf(air_c, current));
      const command = await decide(temperature);
      if (command) {
        made++;
        valve = command.valve_position / 100;
        sources[command.source] = (sources[command.source] ?? 0) + 1;
        if (temperature !== undefined) {
          sent.push({ timeMs, wall_ms: performance.now(), fault: current });
          const gap_ms = timeMs - (measuredMs ?? timeMs);
          if (gap_ms <= knownGap_ms) known_ms += gap_ms;
          measuredMs = timeMs;
        }
      } else missed.push(`${isoTimeOf(timeMs)} (${current ?? "no fault"})`);

      growth.core.look(core.holding());
      growth.mpc.look(mpc.holding());
      timeMs += step_ms;
      if ((step + 1) % stepsPerDay === 0) options.onDay?.((step + 1) / stepsPerDay);
    }
    await readSaving();
    await countFallbacks();
    await stopOrderly(core); // writes all that is left
    await stopOrderly(mpc);
  } finally {
    await device.close();
    await wrongWorker?.close();
    await core.end("SIGKILL");
    await second.end("SIGKILL");
    await mpc.end("SIGKILL");
    await store.close();
    await broker.stop();
    rmSync(folder, { recursive: true, force: true });
  }

  const notStored = sent.filter(({ timeMs: at }) => !store.acknowledged.has(readingKey(room, at)));
  const isByKill = ({ wall_ms }: { readonly wall_ms: number }) =>
    kills_ms.some((kill_ms) => kill_ms >= wall_ms && kill_ms - wall_ms <= flush_ms);
  const lost = notStored.filter((reading) => !isByKill(reading));
  return {
    days: lived_steps / stepsPerDay,
    seed,
    wall_s: (performance.now() - startedAt) / 1000,
    faults: counts,
    decisions: { due: lived_steps, made, missed },
    sources,
    fallbacks,
    comfort,
    beyond: beyond.map(
      ({ fromMs, untilMs, fault, extreme_c }) =>
        `${isoTimeOf(fromMs)} to ${isoTimeOf(untilMs)} (${fault ?? "no fault"}): ${extreme_c.toFixed(1)} degrees`,
    ),
    excused: excused.coldest_c <= excused.warmest_c ? excused : undefined,
    readings: {
      sent: sent.length,
      stored: sent.length - notStored.length,
      lostByKill: notStored.length - lost.length,
      lost: lost.map(({ timeMs: at, fault }) => `${isoTimeOf(at)} (${fault ?? "no fault"})`),
    },
    saving: { ...saving, known_h: known_ms / 3_600_000, lived_h: (lived_steps * step_ms) / 3_600_000 },
    memory: { core: growth.core.longest(), mpc: growth.mpc.longest() },
    stops,
  };
}

/**
 * Whether the core is to blame for a step's temperature, asked step by step. It is not while the heater is broken or
 * the valve is set by hand, nor until the room is back within the bounds; nor in the day after, while it does all it
 * can and the sun goes on with what the heater began.
 */
function createBlame(): (air_c: number, valve: number, isHarmed: boolean) => boolean {
  let sinceHarm_steps = Number.POSITIVE_INFINITY;
  let wasExcused = false;
  return (air_c, valve, isHarmed) => {
    sinceHarm_steps = isHarmed ? 0 : sinceHarm_steps + 1;
    const isWithin = air_c >= bounds_c.coldest && air_c <= bounds_c.warmest;
    const doesAll = air_c > bounds_c.warmest ? valve === 0 : valve === 1;
    const isHelpless = !isWithin && doesAll && sinceHarm_steps <= stepsPerDay;
    wasExcused = isHarmed || isHelpless || (wasExcused && !isWithin);
    return !wasExcused;
  };
}

/** A time in which the room was beyond its bounds. */
interface Beyond {
  readonly fromMs: number;
  readonly fault: FaultKind | undefined;
  untilMs: number;
  extreme_c: number;
}

const middle_c = (bounds_c.coldest + bounds_c.warmest) / 2;

/** Adds a step to the time before, where it goes on from there. */
function noteBeyond(beyond: Beyond[], fromMs: number, air_c: number, fault: FaultKind | undefined): void {
  const last = beyond.at(-1);
  const untilMs = fromMs + step_ms;
  if (last?.untilMs !== fromMs) beyond.push({ fromMs, untilMs, fault, extreme_c: air_c });
  else {
    last.untilMs = untilMs;
    const isFarther = Math.abs(air_c - middle_c) > Math.abs(last.extreme_c - middle_c);
    if (isFarther) last.extreme_c = air_c;
  }
}

/** How far the heating is open in truth, 0 to 1. */
function heatedBy(valve: number, fault: FaultKind | undefined): number {
  if (fault === "heater does not heat") return 0;
  return fault === "heater does not stop" ? 1 : valve;
}

/** What the thermometer says; one that is wrong moves a little, as living ones do. */
function saidOf(air_c: number, fault: FaultKind | undefined): number {
  const moved_k = 0.1 * (air_c - Math.floor(air_c));
  if (fault === "sensor says 5") return 5 + moved_k;
  return fault === "sensor says 30" ? 30 + moved_k : air_c;
}

/** Follows what a process holds, from its warming up to its end, and remembers the longest life. */
function growthOf() {
  let life: { begin?: Holding; end?: Holding; steps: number } = { steps: 0 };
  let longest = life;
  return {
    restarted(): void {
      life = { steps: 0 };
    },
    look(holding: Holding | undefined): void {
      if (!holding) return;
      life.steps++;
      if (life.steps >= warmUp_steps) life.begin ??= holding;
      life.end = holding;
      if (life.steps > longest.steps) longest = life;
    },
    longest(): Growth {
      const { begin, end, steps } = longest;
      if (!begin || !end) throw new Error(`no life of a process was longer than ${warmUp_steps} steps`);
      return { begin, end, steps };
    },
  };
}

function quiet(): void {}
