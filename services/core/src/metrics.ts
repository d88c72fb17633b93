/** What an operator watches, for Prometheus. */
import { type RoomState, topics } from "@azru/contracts";
import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import type { CoreParts } from "./core-parts.ts";
import type { CoreEvent } from "./record/core-event.ts";
import type { Recorder } from "./record/recorder.ts";
import { rateInForce } from "./state.ts";

/** Counts what happens. */
export interface EventCounters {
  update(event: CoreEvent): void;
  /** A cause of a decision came while one was being made. */
  merged(): void;
}

export function createEventCounters(registry: Registry): EventCounters {
  const { decisions, fallbacks, merged, modelChanges, solve, roundTrip } = decisionMetrics(registry);
  return {
    merged: () => merged.inc(),
    update(event) {
      if (event.kind === "step" && event.newModel) {
        modelChanges.inc({ to: event.newModel.calibrated ? "calibrated" : "file" });
      }
      if (event.kind !== "decision") return;
      const { choice, optimisation } = event;
      decisions.inc({ source: choice.source });
      if (choice.fallback) fallbacks.inc({ cause: choice.fallback });
      if (!optimisation || !("plan" in optimisation)) return;
      solve.observe(optimisation.plan.solve_ms / 1000);
      roundTrip.observe(optimisation.roundTrip_ms / 1000);
    },
  };
}

function decisionMetrics(registry: Registry) {
  const registers = [registry];
  const buckets = [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 60];
  return {
    decisions: new Counter({
      name: "azru_decisions_total",
      help: "Decisions by who made them",
      labelNames: ["source"],
      registers,
    }),
    fallbacks: new Counter({
      name: "azru_fallbacks_total",
      help: "Decisions that the optimiser did not make, by cause",
      labelNames: ["cause"],
      registers,
    }),
    merged: new Counter({
      name: "azru_decisions_merged_total",
      help: "Causes of a decision that came while one was being made, and were decided together",
      registers,
    }),
    modelChanges: new Counter({
      name: "azru_model_changes_total",
      help: "Times that another model of the house came into force while running, by which",
      labelNames: ["to"],
      registers,
    }),
    solve: new Histogram({
      name: "azru_mpc_solve_seconds",
      help: "Time that the solver took",
      buckets,
      registers,
    }),
    roundTrip: new Histogram({
      name: "azru_mpc_round_trip_seconds",
      help: "Time from request to plan",
      buckets,
      registers,
    }),
  };
}

/** What is read when somebody asks. */
export interface ObservedParts
  extends Pick<CoreParts, "house" | "supervisor" | "requester" | "sent" | "options"> {
  readonly recorder: Pick<Recorder, "counts">;
}

const messageCounts = ["received", "rejected", "failed", "published", "superseded", "dropped"] as const;

export function observe(registry: Registry, parts: ObservedParts): void {
  observeFlow(registry, parts);
  observeMessages(registry, parts);
  observeInputs(registry, parts);
  observeRooms(registry, parts);
  observeHeating(registry, parts);
}

/** A gauge that is read when somebody asks. */
function gauge(registry: Registry, name: string, help: string, read: () => number | undefined): void {
  new Gauge({
    name,
    help,
    registers: [registry],
    collect() {
      this.set(read() ?? Number.NaN);
    },
  });
}

/** A counter that is read when somebody asks. */
function counter(registry: Registry, name: string, help: string, read: () => number): void {
  new Counter({
    name,
    help,
    registers: [registry],
    collect() {
      this.reset();
      this.inc(read());
    },
  });
}

function observeFlow(registry: Registry, parts: ObservedParts): void {
  const { supervisor, requester, sent, recorder } = parts;
  const { clock, messenger, store, tariff } = parts.options;
  const isConnected = () => Number(messenger.metrics().connected);
  const isFailsafe = () => Number(supervisor.failsafe !== undefined);
  const isTimeKnown = () => Number(clock.isKnown);
  const valve = () => supervisor.decision?.command.valve_position;
  const price_eur_kwh = () => (clock.isKnown ? rateInForce(tariff, clock.now())?.price_eur_kwh : undefined);
  gauge(registry, "azru_time_known", "1 while it is known what time it is", isTimeKnown);
  gauge(registry, "azru_broker_connected", "1 while the broker is reached", isConnected);
  counter(
    registry,
    "azru_broker_connections_total",
    "Connections made",
    () => messenger.metrics().connections,
  );
  counter(
    registry,
    "azru_broker_taken_over_total",
    "Times that another core of the site took this one's place on the broker",
    () => messenger.metrics().takenOver,
  );
  counter(registry, "azru_mpc_unmatched_plans_total", "Plans nobody waited for", () => requester.unmatched);
  const pending = () => store.stats.pending;
  gauge(registry, "azru_store_pending_points", "Points accepted and not yet stored", pending);
  counter(registry, "azru_store_written_points_total", "Points stored", () => store.stats.written);
  counter(registry, "azru_store_lost_points_total", "Points given up", () => store.stats.lost);
  counter(
    registry,
    "azru_store_refused_points_total",
    "Points that no store could keep",
    () => recorder.counts.refused,
  );
  gauge(registry, "azru_valve_position_percent", "Valve position commanded", valve);
  gauge(registry, "azru_electricity_price_eur_kwh", "Price of electricity in force", price_eur_kwh);
  gauge(registry, "azru_failsafe_active", "1 while the optimiser should decide and does not", isFailsafe);
  gauge(registry, "azru_event_clients", "Clients listening to server-sent events", () => sent.listeners);
}

function observeMessages(registry: Registry, { options: { messenger } }: ObservedParts): void {
  new Counter({
    name: "azru_messages_total",
    help: "MQTT messages by kind of topic and what became of them",
    labelNames: ["topic", "outcome"],
    registers: [registry],
    collect() {
      this.reset();
      const counted = messenger.metrics().topics;
      for (const topic of Object.keys(topics)) {
        for (const outcome of messageCounts) this.inc({ topic, outcome }, counted[topic]?.[outcome] ?? 0);
      }
    },
  });
  new Counter({
    name: "azru_message_fields_left_out_total",
    help: "Bad fields that were left out of messages which were used otherwise, by topic",
    labelNames: ["topic"],
    registers: [registry],
    collect() {
      this.reset();
      for (const [topic, { fieldsLeftOut }] of Object.entries(messenger.metrics().topics))
        this.inc({ topic }, fieldsLeftOut);
    },
  });
}

function observeInputs(registry: Registry, { house, supervisor, options }: ObservedParts): void {
  const substitutes = () => ({
    weather: supervisor.forecast?.weather.fallbackReason !== undefined,
    tariff: options.tariff.loaded.fallbackReason !== undefined,
  });
  counter(
    registry,
    "azru_room_readings_refused_total",
    "Measurements of rooms beyond AZRU_MAX_ROOMS",
    () => house.refusedReadings,
  );
  new Counter({
    name: "azru_sensor_distrusted_total",
    help: "Times that a room's sensor was found not to be trusted, by why",
    labelNames: ["reason"],
    registers: [registry],
    collect() {
      this.reset();
      for (const [reason, times] of Object.entries(house.distrusted)) this.inc({ reason }, times);
    },
  });
  new Gauge({
    name: "azru_substitute_active",
    help: "1 while a substitute stands in for an input, in whole or in part",
    labelNames: ["input"],
    registers: [registry],
    collect() {
      for (const [input, active] of Object.entries(substitutes())) this.set({ input }, Number(active));
    },
  });
}

const heatingFaults = ["not_heating", "not_stopping"] as const;

function observeHeating(registry: Registry, { house }: ObservedParts): void {
  new Gauge({
    name: "azru_heating_fault",
    help: "1 while heat ordered and heat felt disagree, by how",
    labelNames: ["fault"],
    registers: [registry],
    collect() {
      for (const fault of heatingFaults) this.set({ fault }, Number(fault === house.doubt.heating?.fault));
    },
  });
}

function observeRooms(registry: Registry, { house, options: { clock } }: ObservedParts): void {
  const ofRooms = (name: string, help: string, read: (room: RoomState) => number) =>
    new Gauge({
      name,
      help,
      labelNames: ["room"],
      registers: [registry],
      collect() {
        this.reset();
        for (const room of house.rooms(clock.now())) this.set({ room: room.room }, read(room));
      },
    });
  ofRooms("azru_temperature_celsius", "Air temperature last measured", ({ metrics }) => metrics.temperature);
  ofRooms("azru_temperature_age_seconds", "Home time since the last measurement", ({ age_s }) => age_s);
  const none = Number.NaN; // while the habit is not known
  ofRooms(
    "azru_temperature_interval_seconds",
    "Nine of ten reports of the sensor come no later after the one before",
    ({ habit }) => habit?.interval_s ?? none,
  );
  ofRooms(
    "azru_temperature_resolution_kelvin",
    "Step of the temperatures that the sensor reports, or its least change where that is larger",
    ({ habit }) => habit?.threshold ?? habit?.resolution ?? none, // no threshold is finer than the step
  );
  ofRooms("azru_temperature_trusted", "1 while the room's sensor is trusted", ({ status }) =>
    Number(status === "fresh"),
  );
}
