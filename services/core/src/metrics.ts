/** What an operator watches, for Prometheus. */
import { type RoomState, topics } from "@azru/contracts";
import type { Messenger } from "@azru/messaging";
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
  const counter = <Label extends string>(name: string, help: string, ...labelNames: Label[]) =>
    new Counter({ name, help, labelNames, registers });
  const buckets = [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 60];
  const seconds = (name: string, help: string) => new Histogram({ name, help, buckets, registers });
  return {
    decisions: counter("azru_decisions_total", "Decisions by who made them", "source"),
    fallbacks: counter(
      "azru_fallbacks_total",
      "Decisions that the optimiser did not make, by cause",
      "cause",
    ),
    merged: counter(
      "azru_decisions_merged_total",
      "Causes of a decision that came while one was being made, and were decided together",
    ),
    modelChanges: counter(
      "azru_model_changes_total",
      "Times that another model of the house came into force while running, by which",
      "to",
    ),
    solve: seconds("azru_mpc_solve_seconds", "Time that the solver took"),
    roundTrip: seconds("azru_mpc_round_trip_seconds", "Time from request to plan"),
  };
}

/** What is read when somebody asks. */
export interface ObservedParts
  extends Pick<CoreParts, "house" | "supervisor" | "requester" | "sent" | "options"> {
  readonly recorder: Pick<Recorder, "counts">;
}

/** A value for each set of labels. */
type Values = Iterable<readonly [labels: Readonly<Record<string, string>>, value: number]>;

/** Makes metrics that are read when somebody asks. */
function metricsOf(registry: Registry) {
  const registers = [registry];
  const gauges = (name: string, help: string, label: string, read: () => Values) =>
    new Gauge({
      name,
      help,
      labelNames: [label],
      registers,
      collect() {
        this.reset();
        for (const [labels, value] of read()) this.set(labels, value);
      },
    });
  const counters = (name: string, help: string, labelNames: string[], read: () => Values) =>
    new Counter({
      name,
      help,
      labelNames,
      registers,
      collect() {
        this.reset();
        for (const [labels, value] of read()) this.inc(labels, value);
      },
    });
  const gauge = (name: string, help: string, read: () => number | undefined) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read() ?? Number.NaN);
      },
    });
  const counter = (name: string, help: string, read: () => number) =>
    counters(name, help, [], () => [[{}, read()]]);
  return { gauge, gauges, counter, counters };
}

/** Each entry as a value with its name as label. */
function labelled(label: string, values: Readonly<Record<string, number | boolean>>): Values {
  return Object.entries(values).map(([name, value]) => [{ [label]: name }, Number(value)]);
}

export function observe(registry: Registry, parts: ObservedParts): void {
  const metrics = metricsOf(registry);
  observeFlow(metrics, parts);
  observeMessages(metrics, parts.options.messenger);
  observeInputs(metrics, parts);
  observeRooms(metrics, parts);
}

type Metrics = ReturnType<typeof metricsOf>;

function observeFlow({ gauge, counter }: Metrics, parts: ObservedParts): void {
  const { supervisor, requester, sent, recorder } = parts;
  const { clock, messenger, store, tariff } = parts.options;
  const link = () => messenger.metrics();
  const price_eur_kwh = () => (clock.isKnown ? rateInForce(tariff, clock.now())?.price_eur_kwh : undefined);
  gauge("azru_time_known", "1 while it is known what time it is", () => Number(clock.isKnown));
  gauge("azru_broker_connected", "1 while the broker is reached", () => Number(link().connected));
  counter("azru_broker_connections_total", "Connections made", () => link().connections);
  counter(
    "azru_broker_taken_over_total",
    "Times that another core of the site took this one's place on the broker",
    () => link().takenOver,
  );
  counter("azru_mpc_unmatched_plans_total", "Plans nobody waited for", () => requester.unmatched);
  gauge("azru_store_pending_points", "Points accepted and not yet stored", () => store.stats.pending);
  counter("azru_store_written_points_total", "Points stored", () => store.stats.written);
  counter("azru_store_lost_points_total", "Points given up", () => store.stats.lost);
  counter(
    "azru_store_refused_points_total",
    "Points that no store could keep",
    () => recorder.counts.refused,
  );
  gauge(
    "azru_valve_position_percent",
    "Valve position commanded",
    () => supervisor.decision?.command.valve_position,
  );
  gauge("azru_electricity_price_eur_kwh", "Price of electricity in force", price_eur_kwh);
  gauge("azru_failsafe_active", "1 while the optimiser should decide and does not", () =>
    Number(supervisor.failsafe !== undefined),
  );
  gauge("azru_event_clients", "Clients listening to server-sent events", () => sent.listeners);
}

const outcomes = ["received", "rejected", "failed", "published", "superseded", "dropped"] as const;

function observeMessages({ counters }: Metrics, messenger: Pick<Messenger, "metrics">): void {
  counters(
    "azru_messages_total",
    "MQTT messages by kind of topic and what became of them",
    ["topic", "outcome"],
    () => {
      const counted = messenger.metrics().topics;
      return Object.keys(topics).flatMap((topic) =>
        outcomes.map((outcome) => [{ topic, outcome }, counted[topic]?.[outcome] ?? 0] as const),
      );
    },
  );
  counters(
    "azru_message_fields_left_out_total",
    "Bad fields that were left out of messages which were used otherwise, by topic",
    ["topic"],
    () =>
      Object.entries(messenger.metrics().topics).map(([topic, { fieldsLeftOut }]) => [
        { topic },
        fieldsLeftOut,
      ]),
  );
}

function observeInputs(
  { gauges, counter, counters }: Metrics,
  { house, supervisor, options }: ObservedParts,
): void {
  counter(
    "azru_room_readings_refused_total",
    "Measurements of rooms beyond AZRU_MAX_ROOMS",
    () => house.refusedReadings,
  );
  counters(
    "azru_sensor_distrusted_total",
    "Times that a room's sensor was found not to be trusted, by why",
    ["reason"],
    () => labelled("reason", house.distrusted),
  );
  gauges(
    "azru_substitute_active",
    "1 while a substitute stands in for an input, in whole or in part",
    "input",
    () =>
      labelled("input", {
        weather: supervisor.forecast?.weather.fallbackReason !== undefined,
        tariff: options.tariff.loaded.fallbackReason !== undefined,
      }),
  );
  gauges("azru_heating_fault", "1 while heat ordered and heat felt disagree, by how", "fault", () => {
    const fault = house.doubt.heating?.fault;
    return labelled("fault", {
      not_heating: fault === "not_heating",
      not_stopping: fault === "not_stopping",
    });
  });
}

function observeRooms({ gauges }: Metrics, { house, options: { clock } }: ObservedParts): void {
  const ofRooms = (name: string, help: string, read: (room: RoomState) => number) =>
    gauges(name, help, "room", () =>
      house.rooms(clock.now()).map((room) => [{ room: room.room }, read(room)]),
    );
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
