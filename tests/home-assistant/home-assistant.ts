/** A Home Assistant that runs, onboarded, and what its API says. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "@azru/messaging/testing";
import {
  type Connection,
  createConnection,
  createLongLivedTokenAuth,
  type HassEntities,
  type HassEntity,
  subscribeEntities,
} from "home-assistant-js-websocket";
import { WebSocket } from "ws";
import type { Environment } from "./environment.ts";
import { saidOf } from "./process.ts";

export interface HomeAssistant {
  readonly url: string;
  /** A long-lived access token of its owner. */
  readonly token: string;
  readonly user: { readonly name: string; readonly password: string };
  readonly states: HassEntities;
  /** Its log from the level of warnings on, without what this environment lacks. */
  readonly complaints: readonly string[];
  /** The entity's state once it is as asked: now, or when it becomes so. */
  when(entityId: string, fits: (entity: HassEntity) => boolean): Promise<HassEntity>;
  /** Resolves when there is no such entity. */
  whenGone(entityId: string): Promise<void>;
  call(action: string, data: Readonly<Record<string, unknown>>): Promise<unknown>;
  /** A command of the WebSocket API. */
  ask<T>(type: string, data?: Readonly<Record<string, unknown>>): Promise<T>;
  /** Adds the MQTT integration as a user does; gives the flow's answer. */
  addMqtt(broker: {
    port: number;
    username?: string;
    password?: string;
    protocol?: string;
  }): Promise<unknown>;
  stop(): Promise<void>;
}

interface Options {
  /** Beside what every instance needs. */
  readonly configuration?: string;
  readonly language?: string;
}

const user = { name: "owner", password: "heat-the-walls" };

/** What it lacks here and says so, which has nothing to do with Azru. */
const environmental = [
  /aiohttp_fast_zlib/,
  /isal/,
  /homeassistant\.components\.(analytics|go2rtc|bluetooth|ssdp|zeroconf|dhcp|usb|stream|cloud|labs)/,
  /homeassistant\.util\.package/,
  /Unable to (get|fetch|download)/,
];

/** Starts it with an empty configuration folder, on a free port of loopback, and makes its owner. */
export async function startHomeAssistant(
  environment: Environment,
  { configuration = "", language = "en" }: Options = {},
): Promise<HomeAssistant> {
  const folder = mkdtempSync(join(tmpdir(), "azru-home-assistant-"));
  const port = await freePort();
  writeFileSync(join(folder, "configuration.yaml"), configurationOf(port, configuration));
  const child = environment.start("hass", folder, (inside) => ["--config", inside]);
  const said = saidOf(child, "Home Assistant");
  await said.line(/Home Assistant initialized in/);
  const url = `http://127.0.0.1:${port}`;
  const { connection, token, post } = await onboarded(url, language);
  const states = followStates(connection);
  return {
    url,
    token,
    user,
    get states() {
      return states.all;
    },
    get complaints() {
      const levels = / (WARNING|ERROR|CRITICAL) /;
      return said.lines.filter((line) => levels.test(line) && !environmental.some((one) => one.test(line)));
    },
    when: states.when,
    whenGone: states.whenGone,
    call(action, data) {
      const [domain, service] = action.split(".");
      return connection.sendMessagePromise({
        type: "call_service",
        domain,
        service,
        service_data: data,
      });
    },
    ask: (type, data = {}) => connection.sendMessagePromise({ type, ...data }),
    async addMqtt({ port: brokerPort, username, password, protocol = "5" }) {
      const flows = "/api/config/config_entries/flow";
      const { flow_id } = (await post(flows, { handler: "mqtt" })) as { flow_id: string };
      return post(`${flows}/${flow_id}`, {
        broker: "127.0.0.1",
        port: brokerPort,
        protocol,
        ...(username !== undefined && { username, password }),
        other_settings: { set_client_cert: false, set_ca_cert: "off" },
      });
    },
    async stop() {
      connection.close();
      await said.end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function configurationOf(port: number, more: string): string {
  return `homeassistant:
  name: Maison
  latitude: 45.75
  longitude: 4.85
  elevation: 200
  country: FR
  currency: EUR
  unit_system: metric
  time_zone: Europe/Paris
http:
  server_host: 127.0.0.1
  server_port: ${port}
frontend:
config:
history:
energy:
logger:
  default: warning
  logs:
    homeassistant.bootstrap: info
    homeassistant.core: info
${more}`;
}

async function onboarded(url: string, language: string) {
  const client_id = `${url}/`;
  const { auth_code } = (await request(url, "/api/onboarding/users", {
    body: { client_id, name: "Owner", username: user.name, password: user.password, language },
  })) as { auth_code: string };
  const { access_token } = (await request(url, "/auth/token", {
    form: { grant_type: "authorization_code", code: auth_code, client_id },
  })) as { access_token: string };
  const post = (path: string, body: unknown, bearer = access_token) => request(url, path, { body, bearer });
  await post("/api/onboarding/core_config", {});
  await post("/api/onboarding/analytics", {});
  await post("/api/onboarding/integration", { client_id, redirect_uri: `${url}/` });
  // The library takes the browser's WebSocket, which Node has from version 22 on.
  Object.assign(globalThis, { WebSocket });
  const first = await createConnection({ auth: createLongLivedTokenAuth(url, access_token) });
  const token = await first.sendMessagePromise<string>({
    type: "auth/long_lived_access_token",
    client_name: "tests",
    lifespan: 1,
  });
  first.close();
  const connection = await createConnection({ auth: createLongLivedTokenAuth(url, token) });
  return { connection, token, post: (path: string, body: unknown) => post(path, body, token) };
}

interface Sent {
  readonly body?: unknown;
  readonly form?: Readonly<Record<string, string>>;
  readonly bearer?: string;
}

async function request(url: string, path: string, { body, form, bearer }: Sent): Promise<unknown> {
  const answer = await fetch(new URL(path, url), {
    method: "POST",
    headers: {
      ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }),
      ...(form === undefined && { "content-type": "application/json" }),
    },
    body: form ? new URLSearchParams(form) : JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${text}`);
  return text === "" ? undefined : JSON.parse(text);
}

function followStates(connection: Connection) {
  let all: HassEntities = {};
  const waiting = new Set<() => void>();
  subscribeEntities(connection, (entities) => {
    all = entities;
    for (const one of waiting) one();
  });
  return {
    get all() {
      return all;
    },
    whenGone: (entityId: string) =>
      new Promise<void>((resolve) => {
        const check = () => {
          if (all[entityId]) return;
          waiting.delete(check);
          resolve();
        };
        waiting.add(check);
        check();
      }),
    when: (entityId: string, fits: (entity: HassEntity) => boolean) =>
      new Promise<HassEntity>((resolve) => {
        const check = () => {
          const entity = all[entityId];
          if (!entity || !fits(entity)) return;
          waiting.delete(check);
          resolve(entity);
        };
        waiting.add(check);
        check();
      }),
  };
}
