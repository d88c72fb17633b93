/** A room: what its thermometers measure for Azru, what Azru commands for its valves and heaters. */
import {
  createRoomCommand,
  createRoomFloor,
  createTargetReport,
  floorReading_ms,
  type HeaterOptions,
  type Instant,
} from "@azru/actuators";
import type { SensorMetrics, ValveCommand } from "@azru/contracts";
import type { Verdict } from "@azru/messaging";
import { createHeatGiven } from "./heat-given.ts";
import { createPilotHeater, createRelayHeater, type HeaterPorts } from "./heater.ts";
import { createReadings } from "./readings.ts";
import { createValve } from "./valve.ts";
import type { RoomSettings, ValvesFile } from "./valves-file.ts";
import type { DeviceState, ZigbeeDevice } from "./zigbee/payloads.ts";

export interface RoomOptions extends HeaterPorts {
  readonly name: string;
  readonly settings: RoomSettings;
  readonly file: Pick<ValvesFile, "silence_minutes" | "reading_minutes">;
}

export interface Room {
  /** How many commands were accepted, or ignored for which reason. */
  readonly verdicts: Readonly<Partial<Record<Verdict, number>>>;
  /** Its relays and pilot wires. */
  readonly heaters: readonly HeaterOptions[];
  command(command: ValveCommand, retained: boolean, now: Instant): Verdict;
  /** @returns what to publish for Azru, where a temperature came in */
  read(device: string, state: DeviceState, now: Instant): SensorMetrics | undefined;
  /** Takes note of how a device does what it was sent. */
  report(device: string, state: DeviceState, now: Instant): void;
  /** @param isNews it has just come or gone, so that it may have missed what it was sent */
  setOnline(device: string, isOnline: boolean, isNews: boolean): void;
  describe(devices: ReadonlyMap<string, ZigbeeDevice>): void;
  /** Has everything sent again. */
  forget(): void;
  /** Shares of the time that its heaters are to be on, 0 to 1. */
  duties(now: Instant): number[];
  /** Whether the room was too near its setpoint when its duties were asked for last: its heaters come first. */
  readonly isCold: boolean;
  /**
   * Has the devices do what they are to do now.
   *
   * @param heaters which of its heaters are on
   * @returns what to publish for Azru, where one of them was turned on or off: how far they were on until then
   */
  act(now: Instant, heaters: readonly { readonly isOn: boolean }[]): SensorMetrics | undefined;
  /** Sends all devices to where they are safe without us; false when one could not be reached. */
  release(): boolean;
}

const minute_ms = 60_000;

/** The one that the file names, else all sensors, else the valves. */
function thermometersOf({ temperature, sensors, valves }: RoomSettings): string[] {
  const own = sensors.length > 0 ? sensors : valves;
  return temperature === undefined ? own.map(({ name }) => name) : [temperature];
}

export function createRoom({ name, settings, file, ...ports }: RoomOptions): Room {
  const { set, log } = ports;
  const command = createRoomCommand(file.silence_minutes * minute_ms);
  const readings = createReadings(thermometersOf(settings), file.reading_minutes * minute_ms);
  const valves = settings.valves.map((one) => createValve(one, log));
  const heaters = [
    ...settings.relays.map((one) => createRelayHeater(one, ports)),
    ...settings.pilot_wires.map((one) => createPilotHeater(one, ports)),
  ];
  const driven = [...valves, ...heaters];
  const follow = createRoomFloor();
  const given = createHeatGiven(heaters.map(({ options }) => options.rated_w));
  const verdicts: Partial<Record<Verdict, number>> = {};
  let lastVerdict: Verdict = "accepted";
  let released = false;
  let isCold = false;
  let lastOn = "";

  /** What is measured, with how far the heaters were on since the last time. */
  function measured(nowMs: number): SensorMetrics | undefined {
    const metrics = readings.metricsAt(nowMs);
    const valve_position = heaters.length > 0 && metrics ? given.take() : undefined;
    return valve_position === undefined ? metrics : { valve_position, ...metrics! };
  }

  const reportTarget = createTargetReport(name, driven.length > 0, log);

  return {
    verdicts,
    heaters: heaters.map(({ options }) => options),
    command(payload, retained, now) {
      const verdict = command.judge(payload, retained, now);
      verdicts[verdict] = (verdicts[verdict] ?? 0) + 1;
      if (verdict !== "accepted" && verdict !== lastVerdict) {
        const { source, id, issued_at } = payload;
        log.warn({ room: name, verdict, source, id, issued_at }, "command ignored");
      }
      lastVerdict = verdict;
      return verdict;
    },
    read(device, state, now) {
      return readings.add(device, state, now.steadyMs) ? measured(now.steadyMs) : undefined;
    },
    report(device, { raw }, now) {
      for (const one of driven) if (one.name === device) one.report(raw, now.steadyMs);
    },
    setOnline(device, isOnline, isNews) {
      readings.setOnline(device, isOnline);
      if (!isOnline || !isNews) return;
      for (const one of driven) if (one.name === device) one.forget();
    },
    describe(devices) {
      for (const one of driven) if (one.name !== undefined) one.describe(devices.get(one.name));
    },
    forget() {
      for (const one of driven) one.forget();
    },
    get isCold() {
      return isCold;
    },
    duties(now) {
      const recent_c = readings.temperatureAt(now.steadyMs, floorReading_ms);
      const target = follow(command.targetAt(now), recent_c);
      isCold = target.kind === "open" && target.isCold === true;
      const room_c = readings.temperatureAt(now.steadyMs);
      return heaters.map((one) => one.dutyAt(target, room_c));
    },
    act(now, states) {
      if (released) return undefined;
      const target = command.targetAt(now);
      const nowMs = now.steadyMs;
      reportTarget(target);
      const room_c = readings.temperatureAt(nowMs);
      for (const valve of valves) {
        const message = valve.messageFor(target, { nowMs, local_c: readings.localOf(valve.name) ?? room_c });
        if (message && set(valve.name, message)) valve.sent(message, nowMs);
      }
      heaters.forEach((one, i) => {
        one.act(target, states[i].isOn, nowMs);
      });
      // In the safe position a radiator follows a thermostat of its own.
      const isOn = states.map((state) => state.isOn);
      given.step(nowMs, target.kind === "open" ? isOn : undefined);
      const turned = lastOn !== "" && lastOn !== isOn.join();
      lastOn = isOn.join();
      return turned && readings.temperatureAt(nowMs, floorReading_ms) !== undefined
        ? measured(nowMs)
        : undefined;
    },
    release() {
      released = true;
      const safe = valves.map((valve) => ({ name: valve.name, message: valve.safeMessage() }));
      const reached = safe.map((one) => one.message === undefined || set(one.name, one.message));
      return [...reached, ...heaters.map((one) => one.release())].every(Boolean);
    },
  };
}
