/** All rooms of an entities file, between Azru's topics and Home Assistant's entities. */
import { createHeaterGroup, type Instant } from "@azru/actuators";
import { type SensorMetrics, topics } from "@azru/contracts";
import type { Log, Messenger } from "@azru/messaging";
import type { EntitiesFile } from "./entities-file.ts";
import { type Entity, powerOf } from "./entity-value.ts";
import { pricesOf } from "./price-entity.ts";
import { type Call, createRoom } from "./room.ts";

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
export function startBridge({ file, messenger, assistant, now, log }: BridgeOptions): () => Promise<void> {
  const start = now();
  const rooms = new Map(
    Object.entries(file.rooms).map(([name, settings]) => [
      name,
      createRoom({ name, settings, file, entity: (id) => assistant.entity(id), log, start }),
    ]),
  );
  const heaters = createHeaterGroup(
    [...rooms.values()].flatMap((room) => room.heaters),
    file.power,
    start.steadyMs,
  );
  let metered = "";
  const published = new Map<string, { readonly text: string; readonly atMs: number }>();
  const refused = new Set<string>();
  let pushed = "";

  function measure(): void {
    if (!assistant.connected) return;
    const instant = now();
    for (const [room, { metrics }] of rooms) {
      const measured = metrics(instant);
      if (measured && isDue(room, measured, instant.steadyMs)) publish(room, measured);
    }
  }

  function isDue(room: string, metrics: SensorMetrics, nowMs: number): boolean {
    const text = JSON.stringify(metrics);
    const last = published.get(room);
    const pause_ms = last === undefined ? Number.POSITIVE_INFINITY : nowMs - last.atMs;
    if (pause_ms < (last?.text === text ? republish_ms : leastPause_ms)) return false;
    published.set(room, { text, atMs: nowMs });
    return true;
  }

  function publish(room: string, metrics: SensorMetrics): void {
    messenger.publish(topics.sensorMetrics, { room }, metrics).catch((error: unknown) => {
      log.error({ err: error, room }, "a measurement could not be published");
    });
  }

  /** Tells the core new prices; the message is retained, so a core that starts later has them, too. */
  function pushPrices(): void {
    const entity = file.tariff === undefined ? undefined : assistant.entity(file.tariff);
    const prices = entity && pricesOf(entity);
    const text = JSON.stringify(prices);
    if (!assistant.connected || prices === undefined || text === pushed) return;
    pushed = text;
    messenger.publish(topics.controlTariff, {}, prices).catch((error: unknown) => {
      pushed = "";
      log.error({ err: error, entity: file.tariff }, "prices could not be published");
    });
  }

  async function carryOut(calls: readonly Call[]): Promise<void> {
    for (const call of calls) {
      try {
        await assistant.call(call);
        refused.delete(call.data.entity_id);
      } catch (error) {
        const { entity_id } = call.data;
        if (!refused.has(entity_id)) log.warn({ err: error, ...call }, "Home Assistant did not do it");
        refused.add(entity_id);
      }
    }
  }

  function act(): void {
    measure();
    pushPrices();
    if (!assistant.connected) return;
    meter();
    const instant = now();
    const states = heaters.step(
      instant.steadyMs,
      [...rooms.values()].flatMap((room) => room.duties(instant)),
    );
    let first = 0;
    for (const room of rooms.values()) {
      void carryOut(room.calls(instant, states.slice(first, first + room.heaters.length)));
      first += room.heaters.length;
    }
  }

  /** Counts with what the whole home draws, once a reading. */
  function meter(): void {
    const id = file.power?.meter;
    const entity = id === undefined ? undefined : assistant.entity(id);
    if (id === undefined || !entity || entity.last_updated === metered) return;
    metered = entity.last_updated;
    try {
      const home_w = powerOf(id, entity);
      if (home_w !== undefined) heaters.measure(home_w, now().steadyMs);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      log.warn({ reason: error.message }, "entity not understood");
    }
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
    if (verdict !== "obeyed") log.warn({ room: params.room, verdict }, "command ignored");
    act();
  });
  const stops = [assistant.onChange(measure), assistant.onReady(ready), () => subscription.close()];
  const ticking = setInterval(act, tick_ms);
  return async () => {
    clearInterval(ticking);
    for (const stop of stops) stop();
    if (assistant.connected) for (const room of rooms.values()) await carryOut(room.release());
    else log.warn({}, "heaters stay as they are: Home Assistant is away");
  };
}
