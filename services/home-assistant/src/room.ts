/** A room: what its entities measure, and what is to be called so that its heaters do what the core commands. */
import {
  createDuty,
  createHeaterGroup,
  createRoomCommand,
  dutyCycleOptionsOf,
  type HeaterOptions,
  type Instant,
  setpointOf,
  type Target,
} from "@azru/actuators";
import type { SensorMetrics, ValveCommand } from "@azru/contracts";
import type { Log, Verdict } from "@azru/messaging";
import type { EntitiesFile, RoomSettings } from "./entities-file.ts";
import { type Entity, powerOf, temperatureOf } from "./entity-value.ts";

/** An action of Home Assistant. */
export interface Call {
  readonly action: string; // switch.turn_on
  readonly data: Readonly<Record<string, unknown>> & { readonly entity_id: string };
}

export interface RoomOptions {
  readonly name: string;
  readonly settings: RoomSettings;
  readonly file: Pick<EntitiesFile, "silence_minutes" | "reading_minutes">;
  readonly entity: (id: string) => Entity | undefined;
  readonly log: Log;
  readonly start: Instant;
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
  /**
   * What is to be called now: what has changed since the last time, or is due again.
   *
   * @param heaters which of its heaters are on; decided for the room alone where absent
   */
  calls(now: Instant, heaters?: readonly { readonly isOn: boolean }[]): readonly Call[];
  /** Has everything called again, as after a restart of Home Assistant. */
  forget(): void;
  /** What leaves its heaters where they are safe without us. */
  release(): readonly Call[];
}

const minute_ms = 60_000;
/** A device that lost power has forgotten; it is called again this often. */
const repeat_ms = 5 * minute_ms;

export function createRoom({ name, settings, file, entity, log, start }: RoomOptions): Room {
  const command = createRoomCommand(file.silence_minutes * minute_ms);
  const switched = [...settings.switches, ...settings.pilot_wires];
  const heaters = switched.map((one) => ({ ...dutyCycleOptionsOf(one), rated_w: one.rated_w }));
  const dutyOf = switched.map((one) => createDuty(one));
  const alone = createHeaterGroup(heaters, undefined, start.steadyMs);
  const sent = new Map<string, { readonly text: string; readonly atMs: number }>();
  const complaints = new Set<string>();
  let safeReason: string | undefined;

  /** An entity's value where it is recent enough; a unit that is none of ours is said once. */
  function read(
    id: string,
    value: (id: string, entity: Entity) => number | undefined,
    homeMs: number,
  ): number | undefined {
    const known = entity(id);
    if (!known || homeMs - Date.parse(known.last_updated) > file.reading_minutes * minute_ms)
      return undefined;
    try {
      return value(id, known);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      if (!complaints.has(id)) log.warn({ room: name, reason: error.message }, "entity not understood");
      complaints.add(id);
      return undefined;
    }
  }

  const valuesOf = (ids: readonly string[], value: typeof temperatureOf, homeMs: number) =>
    ids.flatMap((id) => read(id, value, homeMs) ?? []);

  function temperature_c(homeMs: number): number | undefined {
    const known = valuesOf(settings.temperature, temperatureOf, homeMs);
    return known.length === 0 ? undefined : sum(known) / known.length;
  }

  function dutiesFor(target: Target, now: Instant): number[] {
    const room_c = temperature_c(now.homeMs);
    return dutyOf.map((duty) => duty(target, room_c));
  }

  function wanted(target: Target, now: Instant, states: readonly { readonly isOn: boolean }[]): Call[] {
    const room_c = temperature_c(now.homeMs);
    const isOn = (index: number) => states[index].isOn;
    return [
      ...settings.switches.map((one, i) => switchCall(one.entity, isOn(i) ? "on" : "off")),
      ...settings.pilot_wires.map((one, i) =>
        pilotCall(one, target.kind === "safe", isOn(settings.switches.length + i)),
      ),
      ...settings.numbers.map((one) =>
        numberCall(one, target.kind === "open" ? target.opening_percent : one.safe_percent),
      ),
      ...settings.climates.flatMap((one) => {
        // A setpoint says nothing without a temperature beside which it stands: until one is known, it is safe.
        const local_c = read(one.entity, temperatureOf, now.homeMs) ?? room_c;
        const setpoint_c =
          target.kind === "open" && local_c !== undefined
            ? setpointOf(target.opening_percent, local_c, one)
            : one.safe_setpoint_c;
        return climateCalls(one.entity, setpoint_c, entity(one.entity));
      }),
    ];
  }

  function reportTarget(target: Target): void {
    const reason = target.kind === "safe" ? target.reason : undefined;
    if (reason === safeReason) return;
    safeReason = reason;
    if (reason === undefined) log.info({ room: name }, "room follows Azru");
    else log.warn({ room: name, reason }, "room takes its safe position");
  }

  return {
    entities: [
      ...settings.temperature,
      ...settings.power,
      ...(settings.outdoor === undefined ? [] : [settings.outdoor]),
      ...[...switched, ...settings.numbers, ...settings.climates].map((one) => one.entity),
    ],
    heaters,
    duties: (now) => dutiesFor(command.targetAt(now), now),
    command: command.judge,
    metrics({ homeMs }) {
      const temperature = temperature_c(homeMs);
      if (temperature === undefined) return undefined;
      const powers = valuesOf(settings.power, powerOf, homeMs);
      const outdoor =
        settings.outdoor === undefined ? undefined : read(settings.outdoor, temperatureOf, homeMs);
      return {
        temperature: hundredths(temperature),
        ...(outdoor !== undefined && { external_temperature: hundredths(outdoor) }),
        // A sum without one of its parts would be a wrong measurement.
        ...(powers.length > 0 &&
          powers.length === settings.power.length && {
            power_consumption: Math.max(0, hundredths(sum(powers))),
          }),
      };
    },
    calls(now, states) {
      const target = command.targetAt(now);
      if (switched.length + settings.numbers.length + settings.climates.length > 0) reportTarget(target);
      const decided = states ?? alone.step(now.steadyMs, dutiesFor(target, now));
      return wanted(target, now, decided).filter((call) => {
        const key = `${call.action.split(".")[0]} ${call.data.entity_id} ${"hvac_mode" in call.data}`;
        const text = JSON.stringify(call);
        const last = sent.get(key);
        if (last?.text === text && now.steadyMs - last.atMs < repeat_ms) return false;
        sent.set(key, { text, atMs: now.steadyMs });
        return true;
      });
    },
    forget: () => sent.clear(),
    release: () => [
      ...settings.switches.map(({ entity: id, on_stop }) => switchCall(id, on_stop)),
      ...settings.pilot_wires.map((one) => pilotCall(one, true, true)),
      ...settings.numbers.map((one) => numberCall(one, one.safe_percent)),
      ...settings.climates.flatMap(({ entity: id, safe_setpoint_c }) =>
        climateCalls(id, safe_setpoint_c, entity(id)),
      ),
    ],
  };
}

const domainOf = (id: string) => id.slice(0, id.indexOf("."));

function switchCall(entity_id: string, state: "on" | "off"): Call {
  return { action: `${domainOf(entity_id)}.turn_${state}`, data: { entity_id } };
}

/** A relay has two orders only, so that in the safe position it follows its thermostat; an open one is comfort. */
function pilotCall(
  { entity: entity_id, closed, comfort, low, safe }: RoomSettings["pilot_wires"][number],
  isSafe: boolean,
  isOn: boolean,
): Call {
  if (closed !== undefined) return switchCall(entity_id, isOn ? "off" : "on");
  const order = isSafe ? safe : isOn ? comfort : low;
  return domainOf(entity_id) === "climate"
    ? { action: "climate.set_preset_mode", data: { entity_id, preset_mode: order } }
    : { action: `${domainOf(entity_id)}.select_option`, data: { entity_id, option: order } };
}

function numberCall(
  { entity: entity_id, closed, open }: RoomSettings["numbers"][number],
  opening_percent: number,
): Call {
  const value = hundredths(closed + ((open - closed) * opening_percent) / 100);
  return { action: `${domainOf(entity_id)}.set_value`, data: { entity_id, value } };
}

/** A thermostat that is off, or follows a programme of its own, would not follow the setpoint. */
function climateCalls(entity_id: string, wanted_c: number, entity: Entity | undefined): Call[] {
  const { min_temp = 5, max_temp = 35, target_temp_step = 0.5, hvac_modes = [] } = entity?.attributes ?? {};
  const step = Number(target_temp_step) || 0.5;
  const stepped = Math.round(wanted_c / step) * step;
  const temperature = hundredths(Math.min(Number(max_temp), Math.max(Number(min_temp), stepped)));
  const isHeating = entity?.state === "heat" || !hvac_modes.includes("heat");
  return [
    ...(isHeating ? [] : [{ action: "climate.set_hvac_mode", data: { entity_id, hvac_mode: "heat" } }]),
    { action: "climate.set_temperature", data: { entity_id, temperature } },
  ];
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function hundredths(value: number): number {
  return Math.round(value * 100) / 100;
}
