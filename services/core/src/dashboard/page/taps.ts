/** Another temperature by taps of half a degree. */
import { byId, write } from "./elements.ts";
import { type Comfort, highestOf, type SendRequest } from "./request.ts";
import type { Speech } from "./view.ts";

/** What may be asked for at all, degrees C. */
const lowest_c = 5;
const highest_c = 30;
const step_c = 0.5;
/** Pause after a tap in which another may follow. */
const tapPause_ms = 600;

export class Taps {
  readonly #speech: () => Speech;
  readonly #send: SendRequest;
  #comfort: Comfort | undefined;
  /** The temperature that was tapped, until the core has it. */
  #tapped_c: number | undefined;
  #sending: ReturnType<typeof setTimeout> | undefined;

  constructor(speech: () => Speech, send: SendRequest) {
    this.#speech = speech;
    this.#send = send;
    byId("cooler").addEventListener("click", () => this.#tap(-step_c));
    byId("warmer").addEventListener("click", () => this.#tap(step_c));
  }

  show(comfort: Comfort): void {
    this.#comfort = comfort;
    if (this.#sending !== undefined) return;
    this.#tapped_c = undefined;
    this.#write(comfort.in_force.setpoint_c);
  }

  /** Sent when no other tap follows. */
  #tap(by_c: number): void {
    if (!this.#comfort) return;
    const from_c = this.#tapped_c ?? this.#comfort.in_force.setpoint_c;
    const wanted_c = Math.round((from_c + by_c) / step_c) * step_c;
    const setpoint_c = Math.min(Math.max(wanted_c, lowest_c), highestOf(this.#comfort), highest_c);
    this.#tapped_c = setpoint_c;
    this.#write(setpoint_c);
    clearTimeout(this.#sending);
    this.#sending = setTimeout(() => {
      this.#sending = undefined;
      void this.#send("/control/setpoint", { setpoint_c });
    }, tapPause_ms);
  }

  #write(setpoint_c: number): void {
    write("asked", this.#speech().format.temperature(setpoint_c));
  }
}
