/**
 * The name that only one process at a time may bear. Which process bears it stands on the broker, as brokers of MQTT
 * 3.1.1, and Mosquitto 2.0, do not say so when they disconnect a client for another one of its name.
 */
import { randomUUID } from "node:crypto";
import { instanceTopic, topicNameOf } from "@azru/contracts";
import type { MqttClient } from "mqtt";
import type { Waiting } from "./outbox.ts";
import { Lookout, type LookoutOptions } from "./rival.ts";

/** Another process is the same service of the same site. */
export interface Rival {
  readonly sinceMs: number; // wall time
  /** In words. */
  readonly reason: string;
}

export interface ClaimOptions extends Omit<LookoutOptions, "client" | "onVacant"> {
  readonly client: MqttClient;
  readonly site: string;
  readonly service: string;
  readonly now: () => number;
  /** Another process has taken the name: the connection is given up. */
  readonly onTaken: (reason: string) => void;
  /** The other process has left: the name is free again. */
  readonly onVacant: (reason: string) => void;
}

export class Claim {
  readonly topicName: string;
  rival: Rival | undefined;
  /** How often another process took the name. */
  takenOver = 0;
  readonly #options: ClaimOptions;
  readonly #instance = randomUUID();
  /** Whether the bearer that the broker has is ours, unless another has written since. */
  #isWritten = false;
  #lookout: Lookout | undefined;

  constructor(options: ClaimOptions) {
    this.#options = options;
    this.topicName = topicNameOf(instanceTopic, options.site, { service: options.service });
  }

  /** What to publish so that others find us. */
  get message(): Waiting {
    return { topic: instanceTopic, name: this.topicName, text: this.#instance };
  }

  written(): void {
    this.#isWritten = true;
  }

  /** Reads who has written that it bears the name. */
  async read(): Promise<void> {
    const { client } = this.#options;
    await new Promise<void>((resolve) => client.subscribe(this.topicName, { qos: 1 }, () => resolve()));
    // What the broker keeps follows its first answer, and has come when it gives the next.
    await new Promise<void>((resolve) => client.unsubscribe(this.topicName, () => resolve()));
  }

  /** A message of the claim's topic: another process was here since we wrote ours. */
  receive(bytes: Buffer, retained: boolean): void {
    if (retained && this.#isWritten && bytes.toString() !== this.#instance) this.standBy();
  }

  /** Leaves the name to another process, and takes it again when that one has left. */
  standBy(): void {
    if (this.rival) return;
    const { client, service, site, url, statusName, now, onTaken, onVacant } = this.#options;
    this.takenOver++;
    const reason = `another ${service} of the site ${site} has connected to the broker: this one stands by, and commands nothing, until that one leaves. Stop one of them, or give each home a name of its own (AZRU_SITE)`;
    this.rival = { sinceMs: now(), reason };
    this.#isWritten = false;
    onTaken(reason);
    client.end(true);
    this.#lookout = new Lookout({
      url,
      client: { ...client.options },
      statusName,
      onVacant: () => {
        this.rival = this.#lookout = undefined;
        onVacant(`the other ${service} has left: this one takes its place again`);
      },
    });
  }

  close(): void {
    this.#lookout?.close();
  }
}
