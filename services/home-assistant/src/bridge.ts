/** All rooms of an entities file, between Azru's topics and Home Assistant's entities. */
import { createHeaterGroup, type Instant } from "@azru/actuators";
import { type SensorMetrics, topics } from "@azru/contracts";
import type { Log, Messenger } from "@azru/messaging";
import type { Call } from "./calls.ts";
import type { EntitiesFile } from "./entities-file.ts";
import { type Entity, powerOf } from "./entity-value.ts";
import { pricesOf } from "./price-entity.ts";
import { createRoom } from "./room.ts";

/** Home Assistant, as far as the bridge needs it. */
export interface Assistant {
  readonly connected: boolean;
  /** Undefined where there is none of this id, or it is not known yet. */
  entity(id: string): Entity | undefined;
  /** Rejects where Home Assistant refuses, or is away. */
  call(call: Call): Promise<unknown>;
  /** Calls `listener` when entities have changed, or the connection has. @returns stops */
  onChange(listener: () => void): () => void;
  /** Calls `listener` when all entities have come after a connection. @returns stops */
  onReady(listener: () => void): () => void;
}

export interface BridgeOptions {
  readonly file: EntitiesFile;
  readonly messenger: Pick<Messenger, "publish" | "subscribe">;
  readonly assistant: Assistant;
  readonly now: () => Instant;
  readonly log: Log;
}

/** How often it is looked whether a relay must switch or Azru has fallen silent. */
const tick_ms = 1_000;
/** A measurement that does not change is published again this often: the entity is still there. */
const republish_ms = 60_000;
/** At most so many measurements of a room. */
const leastPause_ms = 5_000;

/**
 * Publishes what the entities measure and calls what drives them, until closed.
 *
 * @returns leaves the heaters where they are safe, and stops
 */
export function startBridge(options: BridgeOptions): () => Promise<void> {
  const { file, messenger, assistant, now, log } = options;
  const entity = (id: string) => assistant.entity(id);
  const rooms = new Map(
    Object.entries(file.rooms).map(([name, settings]) => [
      name,
      createRoom({ name, settings, file, entity, log }),
    ]),
  );
  const all = [...rooms.values()];
  const heaters = createHeaterGroup(
    all.map((room) => room.heaters),
    file.power,
    now().steadyMs,
  );
  const publishMeasured = createMeasurements(messenger, log);
  const pushPrices = createPricePush(options);
  const meter = createMeter(options, (home_w) => heaters.measure(home_w, now().steadyMs));
  const carryOut = createCaller(assistant, log);

  function measure(): void {
    if (!assistant.connected) return;
    const instant = now();
    for (const [name, room] of rooms) publishMeasured(name, room.metrics(instant), instant.steadyMs);
  }

  function act(): void {
    measure();
    if (!assistant.connected) return;
    pushPrices();
    meter();
    const instant = now();
    const duties = all.map((room) => room.duties(instant));
    const areCold = all.map(({ isCold }) => isCold);
    const states = heaters.step(instant.steadyMs, duties, areCold);
    all.forEach((room, i) => void carryOut(room.calls(instant, states[i])));
  }

  function ready(): void {
    for (const [name, room] of rooms) {
      room.forget();
      const missing = room.entities.filter((id) => assistant.entity(id) === undefined);
      if (missing.length > 0)
        log.warn({ room: name, missing }, "Home Assistant has no such entities: correct the file");
    }
    const { tariff } = file;
    const priced = tariff === undefined ? undefined : assistant.entity(tariff);
    if (tariff !== undefined && (priced === undefined || pricesOf(priced) === undefined))
      log.warn({ tariff }, "this entity has no list of prices in its attributes: correct the file");
    act();
  }

  const subscription = messenger.subscribe(topics.valveSet, ({ params, payload, retained }) => {
    const room = rooms.get(params.room);
    if (!room) return;
    const verdict = room.command(payload, retained, now());
    if (verdict !== "accepted") log.warn({ room: params.room, verdict }, "command ignored");
    act();
  });
  const stops = [assistant.onChange(measure), assistant.onReady(ready), () => subscription.close()];
  const ticking = setInterval(act, tick_ms);
  return async () => {
    clearInterval(ticking);
    for (const stop of stops) stop();
    if (assistant.connected) for (const room of all) await carryOut(room.release());
    else log.warn({}, "heaters stay as they are: Home Assistant is away");
  };
}

/** Publishes a room's measurements, those that do not change less often. */
function createMeasurements(messenger: BridgeOptions["messenger"], log: Log) {
  const published = new Map<string, { readonly text: string; readonly atMs: number }>();
  return (room: string, metrics: SensorMetrics | undefined, nowMs: number): void => {
    if (metrics === undefined) return;
    const text = JSON.stringify(metrics);
    const last = published.get(room);
    const pause_ms = last === undefined ? Number.POSITIVE_INFINITY : nowMs - last.atMs;
    if (pause_ms < (last?.text === text ? republish_ms : leastPause_ms)) return;
    published.set(room, { text, atMs: nowMs });
    messenger.publish(topics.sensorMetrics, { room }, metrics).catch((error: unknown) => {
      log.error({ err: error, room }, "a measurement could not be published");
    });
  };
}

/** Publishes new prices for the core; the message is retained, so a core that starts later has them, too. */
function createPricePush({ file, messenger, assistant, log }: BridgeOptions) {
  let pushed = "";
  return (): void => {
    const entity = file.tariff === undefined ? undefined : assistant.entity(file.tariff);
    const prices = entity && pricesOf(entity);
    const text = JSON.stringify(prices);
    if (prices === undefined || text === pushed) return;
    pushed = text;
    messenger.publish(topics.controlTariff, {}, prices).catch((error: unknown) => {
      pushed = "";
      log.error({ err: error, entity: file.tariff }, "prices could not be published");
    });
  };
}

/** Counts with what the whole home draws, once a reading. */
function createMeter({ file, assistant, log }: BridgeOptions, measureHome: (home_w: number) => void) {
  const id = file.power?.meter;
  let metered = "";
  return (): void => {
    const entity = id === undefined ? undefined : assistant.entity(id);
    if (id === undefined || !entity || entity.last_updated === metered) return;
    metered = entity.last_updated;
    try {
      const home_w = powerOf(id, entity);
      if (home_w !== undefined) measureHome(home_w);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      log.warn({ reason: error.message }, "entity not understood");
    }
  };
}

/** Has Home Assistant carry out calls; logs a refusal once an entity. */
function createCaller(assistant: Assistant, log: Log) {
  const refused = new Set<string>();
  return async (calls: readonly Call[]): Promise<void> => {
    for (const call of calls) {
      const { entity_id } = call.data;
      try {
        await assistant.call(call);
        refused.delete(entity_id);
      } catch (error) {
        if (!refused.has(entity_id)) log.warn({ err: error, ...call }, "Home Assistant did not do it");
        refused.add(entity_id);
      }
    }
  };
}
