/** Home Assistant by its WebSocket API, connected again whenever it comes back. */
import type { Log } from "@azru/messaging";
import { ConfigError } from "@azru/runtime";
import {
  type Connection,
  createConnection,
  createLongLivedTokenAuth,
  ERR_INVALID_AUTH,
  type HassEntities,
  subscribeEntities,
} from "home-assistant-js-websocket";
import { WebSocket } from "ws";
import type { Assistant } from "./bridge.ts";
import type { Call } from "./calls.ts";

export interface AssistantOptions {
  readonly url: string;
  readonly token: string;
  readonly log: Log;
  /** The token is not accepted any more: nothing can be done but stop. */
  readonly onRefused: (error: Error) => void;
  /** Ends the attempts to connect. */
  readonly signal: AbortSignal;
}

export interface LiveAssistant extends Assistant {
  close(): void;
}

const firstPause_ms = 1_000;
const longestPause_ms = 30_000;

/** Connects in the background: entities come when Home Assistant answers. */
export function openAssistant(options: AssistantOptions): LiveAssistant {
  const { url, log, signal } = options;
  const changes = new Set<() => void>();
  const readies = new Set<() => void>();
  let connection: Connection | undefined;
  let entities: HassEntities = {};
  let isReady = false;

  function follow(next: Connection): void {
    connection = next;
    next.addEventListener("disconnected", () => {
      isReady = false;
      log.warn({ url }, "Home Assistant is away, connecting again");
    });
    next.addEventListener("reconnect-error", () => options.onRefused(refusal(url)));
    subscribeEntities(next, (all) => {
      entities = all;
      if (!isReady && next.connected) {
        isReady = true;
        log.info({ url, version: next.haVersion, entities: Object.keys(all).length }, "connected");
        for (const listener of readies) listener();
      }
      for (const listener of changes) listener();
    });
  }

  connect(options).then(
    (found) => {
      if (!found) return;
      if (signal.aborted) found.close();
      else follow(found);
    },
    (error: unknown) => options.onRefused(error instanceof Error ? error : new Error(String(error))),
  );

  const listening = (listeners: Set<() => void>) => (listener: () => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };
  return {
    get connected() {
      return isReady;
    },
    entity: (id) => entities[id],
    call: async (call) => send(connection, call),
    onChange: listening(changes),
    onReady: listening(readies),
    close: () => connection?.close(),
  };
}

function send(connection: Connection | undefined, { action, data }: Call): Promise<unknown> {
  if (!connection) return Promise.reject(new Error("Home Assistant has not been reached yet"));
  const [domain, service] = action.split(".");
  return connection.sendMessagePromise({ type: "call_service", domain, service, service_data: data });
}

/** @returns undefined once aborted @throws ConfigError where the token is refused */
async function connect({ url, token, log, signal }: AssistantOptions): Promise<Connection | undefined> {
  // The library takes the browser's WebSocket, which Node has from version 22 on.
  if (!("WebSocket" in globalThis)) Object.assign(globalThis, { WebSocket });
  const auth = createLongLivedTokenAuth(url.replace(/\/$/, ""), token);
  for (let pause_ms = firstPause_ms; !signal.aborted; pause_ms = Math.min(2 * pause_ms, longestPause_ms)) {
    try {
      return await createConnection({ auth });
    } catch (error) {
      if (error === ERR_INVALID_AUTH) throw refusal(url);
      log.warn({ url, again_in_s: pause_ms / 1000 }, "Home Assistant is not reached");
      await paused(pause_ms, signal);
    }
  }
  return undefined;
}

function refusal(url: string): ConfigError {
  return new ConfigError([
    `AZRU_HOME_ASSISTANT_TOKEN is not accepted by ${url}: create a long-lived access token in your profile there`,
  ]);
}

function paused(pause_ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, pause_ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
