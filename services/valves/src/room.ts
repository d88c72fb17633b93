/** A room: its thermometers' word for Azru, Azru's word for its valves and relays. */
import { createRelay, createRoomCommand, type Instant } from "@azru/actuators";
import type { SensorMetrics, ValveCommand } from "@azru/contracts";
import type { Log, Verdict } from "@azru/messaging";
import { createReadings } from "./readings.ts";
import { createValve } from "./valve.ts";
import type { RelaySettings, RoomSettings, ValvesFile } from "./valves-file.ts";
import type { SetMessage } from "./zigbee/control.ts";
import type { DeviceState, ZigbeeDevice } from "./zigbee/payloads.ts";

export interface RoomOptions {
  readonly name: string;
  readonly settings: RoomSettings;
  readonly file: Pick<ValvesFile, "silence_minutes" | "reading_minutes">;
  /** Tells a Zigbee device; false when nobody could be told. */
  readonly set: (device: string, message: SetMessage) => boolean;
  /** Tells any other relay. */
  readonly say: (topic: string, text: string) => boolean;
  readonly log: Log;
  readonly start: Instant;
}

export interface Room {
  /** How many commands were obeyed, or ignored for which reason. */
  readonly verdicts: Readonly<Partial<Record<Verdict, number>>>;
  command(command: ValveCommand, retained: boolean, now: Instant): Verdict;
  /** @returns what to tell Azru, where a temperature came in */
  hear(device: string, state: DeviceState, now: Instant): SensorMetrics | undefined;
  /** @param isNews it has just come or gone, so that it may have missed what it was told */
  setOnline(device: string, isOnline: boolean, isNews: boolean): void;
  describe(devices: ReadonlyMap<string, ZigbeeDevice>): void;
  /** Has everything sent again. */
  forget(): void;
  /** Has the devices do what they are to do now. */
  act(now: Instant): void;
  /** Sends all devices to where they are safe without us; false when one could not be told. */
  release(): boolean;
}

const minute_ms = 60_000;
/** A relay that lost power has forgotten; it is told again this often. */
const relayRepeat_ms = 5 * minute_ms;

export function createRoom({ name, settings, file, set, say, log, start }: RoomOptions): Room {
  const command = createRoomCommand(file.silence_minutes * minute_ms);
  const own = settings.sensors.length > 0 ? settings.sensors : settings.valves;
  const thermometers =
    settings.temperature === undefined ? own.map((device) => device.name) : [settings.temperature];
  const readings = createReadings(thermometers, file.reading_minutes * minute_ms);
  const valves = settings.valves.map((one) => createValve(one, log));
  const relays = settings.relays.map((one) => ({
    settings: one,
    relay: createRelay(one, start.steadyMs),
    sent: undefined as { state: "on" | "off"; atMs: number } | undefined,
  }));
  const verdicts: Partial<Record<Verdict, number>> = {};
  let lastVerdict: Verdict = "obeyed";
  let safeReason: string | undefined;
  let released = false;

  const switchRelay = (
    { name: device, property = "state", topic, ...relay }: RelaySettings,
    state: "on" | "off",
  ) => (topic === undefined ? set(device!, { [property]: relay[state] }) : say(topic, relay[state]));

  return {
    verdicts,
    command(payload, retained, now) {
      const verdict = command.judge(payload, retained, now);
      verdicts[verdict] = (verdicts[verdict] ?? 0) + 1;
      if (verdict !== "obeyed" && verdict !== lastVerdict) {
        const { source, id, issued_at } = payload;
        log.warn({ room: name, verdict, source, id, issued_at }, "command ignored");
      }
      lastVerdict = verdict;
      return verdict;
    },
    hear(device, state, now) {
      return readings.learn(device, state, now.steadyMs) ? readings.metricsAt(now.steadyMs) : undefined;
    },
    setOnline(device, isOnline, isNews) {
      readings.setOnline(device, isOnline);
      if (!isOnline || !isNews) return;
      for (const valve of valves) if (valve.name === device) valve.forget();
      for (const one of relays) if (one.settings.name === device) one.sent = undefined;
    },
    describe(devices) {
      for (const valve of valves) valve.describe(devices.get(valve.name));
    },
    forget() {
      for (const valve of valves) valve.forget();
      for (const one of relays) one.sent = undefined;
    },
    act(now) {
      if (released) return;
      const target = command.targetAt(now);
      const reason = target.kind === "safe" ? target.reason : undefined;
      if (reason !== safeReason && valves.length + relays.length > 0) {
        if (reason === undefined) log.info({ room: name }, "room follows Azru");
        else log.warn({ room: name, reason }, "room takes its safe position");
      }
      safeReason = reason;
      for (const valve of valves) {
        const message = valve.messageFor(target, readings.localOf(valve.name));
        if (message && set(valve.name, message)) valve.sent(message);
      }
      const room_c = readings.temperatureAt(now.steadyMs);
      for (const one of relays) {
        const state = one.relay.step(target, room_c, now.steadyMs);
        const isTold = one.sent?.state === state && now.steadyMs - one.sent.atMs < relayRepeat_ms;
        if (!isTold && switchRelay(one.settings, state)) one.sent = { state, atMs: now.steadyMs };
      }
    },
    release() {
      released = true;
      const told = [
        ...valves.map((valve) => {
          const message = valve.safeMessage();
          return message === undefined || set(valve.name, message);
        }),
        ...relays.map(({ settings: relay }) => switchRelay(relay, relay.on_stop)),
      ];
      return told.every(Boolean);
    },
  };
}
