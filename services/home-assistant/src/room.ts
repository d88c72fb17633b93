/** A room: what its entities measure, and what is to be called so that its heaters do what the core commands. */
import {
  createDuty,
  createRoomCommand,
  createRoomFloor,
  createTargetReport,
  dutyCycleOptionsOf,
  floorReading_ms,
  type HeaterOptions,
  type Instant,
  setpointOf,
  type Target,
} from "@azru/actuators";
import type { SensorMetrics, ValveCommand } from "@azru/contracts";
import type { Log, Verdict } from "@azru/messaging";
import { type Call, climateCalls, numberCall, pilotCall, switchCall } from "./calls.ts";
import type { EntitiesFile, RoomSettings } from "./entities-file.ts";
import type { Entity } from "./entity-value.ts";
import { createReadings } from "./readings.ts";

export interface RoomOptions {
  readonly name: string;
  readonly settings: RoomSettings;
  readonly file: Pick<EntitiesFile, "silence_minutes" | "reading_minutes">;
  readonly entity: (id: string) => Entity | undefined;
  readonly log: Log;
}

export interface Room {
  /** Every entity that it reads or drives. */
  readonly entities: readonly string[];
  command(command: ValveCommand, retained: boolean, now: Instant): Verdict;
  /** Undefined without a temperature that is recent enough. */
  metrics(now: Instant): SensorMetrics | undefined;
  /** Its switches and pilot wires. */
  readonly heaters: readonly HeaterOptions[];
  /** Shares of the time that its heaters are to be on, 0 to 1. */
  duties(now: Instant): number[];
  /** Whether the room was too near its setpoint when its duties were asked for last: its heaters come first. */
  readonly isCold: boolean;
  /**
   * What is to be called now: what has changed since the last time, or is due again.
   *
   * @param heaters which of its heaters are on
   */
  calls(now: Instant, heaters: readonly { readonly isOn: boolean }[]): readonly Call[];
  /** Has everything called again, as after a restart of Home Assistant. */
  forget(): void;
  /** What leaves its heaters where they are safe without us. */
  release(): readonly Call[];
}

const minute_ms = 60_000;
/** A device that lost power has forgotten; it is called again this often. */
const repeat_ms = 5 * minute_ms;

export function createRoom({ name, settings, file, entity, log }: RoomOptions): Room {
  const { switches, pilot_wires, numbers, climates } = settings;
  const command = createRoomCommand(file.silence_minutes * minute_ms);
  const readings = createReadings({
    name,
    settings,
    maxAge_ms: file.reading_minutes * minute_ms,
    entity,
    log,
  });
  const switched = [...switches, ...pilot_wires];
  const driven = [...switched, ...numbers, ...climates].map((one) => one.entity);
  const dutyOf = switched.map((one) => createDuty(one));
  const follow = createRoomFloor();
  let isCold = false;
  const sent = new Map<string, { readonly text: string; readonly atMs: number }>();
  const reportTarget = createTargetReport(name, driven.length > 0, log);

  function wanted(target: Target, now: Instant, states: readonly { readonly isOn: boolean }[]): Call[] {
    const room_c = readings.temperatureAt(now.homeMs);
    return [
      ...switches.map((one, i) => switchCall(one.entity, states[i].isOn ? "on" : "off")),
      ...pilot_wires.map((one, i) =>
        pilotCall(one, target.kind === "safe", states[switches.length + i].isOn),
      ),
      ...numbers.map((one) =>
        numberCall(one, target.kind === "open" ? target.opening_percent : one.safe_percent),
      ),
      ...climates.flatMap((one) => {
        // A setpoint says nothing without a temperature beside which it stands: until one is known, it is safe.
        const local_c = readings.temperatureOf(one.entity, now.homeMs) ?? room_c;
        const setpoint_c =
          target.kind === "open" && local_c !== undefined
            ? setpointOf(target.opening_percent, local_c, one)
            : one.safe_setpoint_c;
        return climateCalls(one.entity, setpoint_c, entity(one.entity));
      }),
    ];
  }

  function isDue(call: Call, nowMs: number): boolean {
    const key = `${call.action.split(".")[0]} ${call.data.entity_id} ${"hvac_mode" in call.data}`;
    const text = JSON.stringify(call);
    const last = sent.get(key);
    if (last?.text === text && nowMs - last.atMs < repeat_ms) return false;
    sent.set(key, { text, atMs: nowMs });
    return true;
  }

  return {
    entities: [
      ...settings.temperature,
      ...settings.power,
      ...(settings.outdoor === undefined ? [] : [settings.outdoor]),
      ...driven,
    ],
    heaters: switched.map((one) => ({ ...dutyCycleOptionsOf(one), rated_w: one.rated_w })),
    get isCold() {
      return isCold;
    },
    duties(now) {
      const recent_c = readings.temperatureAt(now.homeMs, floorReading_ms);
      const target = follow(command.targetAt(now), recent_c);
      isCold = target.kind === "open" && target.isCold === true;
      const room_c = readings.temperatureAt(now.homeMs);
      return dutyOf.map((duty) => duty(target, room_c));
    },
    command: command.judge,
    metrics: ({ homeMs }) => readings.metricsAt(homeMs),
    calls(now, states) {
      const target = command.targetAt(now);
      reportTarget(target);
      return wanted(target, now, states).filter((call) => isDue(call, now.steadyMs));
    },
    forget: () => sent.clear(),
    release: () => [
      ...switches.map(({ entity: id, on_stop }) => switchCall(id, on_stop)),
      ...pilot_wires.map((one) => pilotCall(one, true, true)),
      ...numbers.map((one) => numberCall(one, one.safe_percent)),
      ...climates.flatMap(({ entity: id, safe_setpoint_c }) => climateCalls(id, safe_setpoint_c, entity(id))),
    ],
  };
}
