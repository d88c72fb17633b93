/** What happens in the core, as server-sent events and as retained messages on the broker. */
import { type ForecastState, isoTimeOf, type ServerEvent, type StateResponse, topics } from "@azru/contracts";
import type { Messenger } from "@azru/messaging";
import type { Clock, Logger } from "@azru/runtime";
import { type Decision, decisionMessage } from "./decision/decision.ts";
import { planResponse } from "./decision/kept-plan.ts";
import { modeState } from "./decision/mode.ts";
import type { ForecastEvent } from "./decision/supervisor.ts";
import type { Reading } from "./home/reading.ts";
import { forecastMessage } from "./outlook/forecast-message.ts";
import { tariffMessage } from "./outlook/tariff-message.ts";
import type { TariffOutlook } from "./outlook/tariff-outlook.ts";
import type { CoreEvent } from "./record/core-event.ts";

export interface PublisherParts {
  readonly messenger: Messenger;
  readonly clock: Pick<Clock, "now">;
  readonly wallNow: () => number;
  readonly tariff: TariffOutlook;
  readonly state: () => StateResponse;
  /** Takes the server-sent events. */
  readonly send: (event: ServerEvent) => void;
  readonly log: Pick<Logger, "error">;
}

/** At most so many measurements a second and room are sent to clients. */
const measurementsPerSecond = 4;

export class Publisher {
  readonly #parts: PublisherParts;
  readonly #measurementSentMs = new Map<string, number>(); // wall time, by room
  #forecast: ForecastState | undefined;
  /** As it was published last, without the time. */
  #tariff = "";

  constructor(parts: PublisherParts) {
    this.#parts = parts;
  }

  /** The weather forecast that was published last. */
  get forecast(): ForecastState | undefined {
    return this.#forecast;
  }

  update(event: CoreEvent): void {
    if (event.kind === "reading") this.#publishMeasurement(event.reading);
    if (event.kind === "forecast") this.#publishForecast(event);
    if (event.kind === "decision") this.#publishDecision(event);
    if (event.kind === "mode") this.#parts.send({ event: "mode", data: modeState(event.mode) });
    if (event.kind === "comfort") this.#parts.send({ event: "comfort", data: event.response });
    if (event.kind === "decision" || event.kind === "mode" || event.kind === "comfort")
      this.#parts.send({ event: "state", data: this.#parts.state() });
    if (event.kind === "decision") this.publishTariff();
  }

  /** Publishes the tariff where it has changed. */
  publishTariff(): void {
    const { tariff, clock, send, messenger } = this.#parts;
    const message = tariffMessage(tariff, clock.now());
    const { issued_at: _, ...content } = message;
    const text = JSON.stringify(content);
    if (text === this.#tariff) return;
    this.#tariff = text;
    send({ event: "tariff", data: message });
    this.#deliver(messenger.publish(topics.tariff, {}, message));
  }

  /** Publishes what is retained once more: the broker may have lost it. */
  republish(): void {
    this.#tariff = "";
    this.publishTariff();
    const { messenger } = this.#parts;
    if (this.#forecast) this.#deliver(messenger.publish(topics.forecast, {}, this.#forecast));
  }

  #publishMeasurement({ room, metrics, timeMs }: Reading): void {
    const nowMs = this.#parts.wallNow();
    const sinceLast_ms = Math.abs(nowMs - (this.#measurementSentMs.get(room) ?? 0));
    if (sinceLast_ms < 1000 / measurementsPerSecond) return;
    this.#measurementSentMs.set(room, nowMs);
    this.#parts.send({ event: "measurement", data: { room, time: isoTimeOf(timeMs), metrics } });
  }

  #publishForecast({ forecast: { weather, disturbances } }: ForecastEvent): void {
    const { send, messenger } = this.#parts;
    this.#forecast = forecastMessage(weather, disturbances);
    send({ event: "forecast", data: this.#forecast });
    this.#deliver(messenger.publish(topics.forecast, {}, this.#forecast));
  }

  #publishDecision(decision: Decision): void {
    const { optimisation } = decision;
    const { send } = this.#parts;
    if (optimisation && "plan" in optimisation) send({ event: "plan", data: planResponse(optimisation) });
    send({ event: "decision", data: decisionMessage(decision) });
  }

  #deliver(message: Promise<unknown>): void {
    message.catch((error: unknown) => this.#parts.log.error({ err: error }, "a message could not be sent"));
  }
}
