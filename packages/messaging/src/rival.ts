/**
 * Another client of the same name on the broker, which lets only one of them stay: without a rule both would throw each
 * other out for ever. Who is thrown out stands by under another name, and takes its place again when the other has left.
 */
import { randomUUID } from "node:crypto";
import mqtt, { type IClientOptions, type MqttClient } from "mqtt";

/** Reason of MQTT 5's DISCONNECT: another client has connected with the same name. */
export const sessionTakenOver = 142;

/** So long a status that says nobody is there must last, plus as much at random: of several that stand by one is first. */
const vacantFor_ms = 1_500;
const lookAgain_ms = 5_000;

export interface LookoutOptions {
  readonly url: string;
  /** Of the client that stands by. */
  readonly client: IClientOptions;
  /** Retained status of those who bear the name: `online` or `offline`. */
  readonly statusName: string;
  readonly onVacant: () => void;
}

/** Watches under a name of its own until nobody bears the disputed one. */
export class Lookout {
  readonly #client: MqttClient;
  #vacant: NodeJS.Timeout | undefined;

  constructor({ url, client, statusName, onVacant }: LookoutOptions) {
    const { will: _, ...options } = client;
    const awaitVacancy = () => {
      clearTimeout(this.#vacant);
      this.#vacant = setTimeout(
        () => {
          this.close();
          onVacant();
        },
        vacantFor_ms * (1 + Math.random()),
      );
    };
    this.#client = mqtt.connect(url, {
      ...options,
      clientId: `${client.clientId}-stands-by-${randomUUID().slice(0, 8)}`,
      reconnectPeriod: lookAgain_ms,
    });
    this.#client.on("error", () => undefined); // the broker is away: the next look is in seconds
    this.#client.on("connect", () => {
      this.#client.subscribe(statusName, { qos: 1 }, (error) => {
        if (!error) awaitVacancy(); // a status that the broker keeps comes at once, and may say otherwise
      });
    });
    this.#client.on("close", () => clearTimeout(this.#vacant));
    this.#client.on("message", (_name, text) => {
      if (text.toString() === "offline") awaitVacancy();
      else clearTimeout(this.#vacant);
    });
  }

  close(): void {
    clearTimeout(this.#vacant);
    this.#client.end(true);
  }
}
