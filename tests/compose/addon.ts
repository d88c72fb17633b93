/** The add-on for Home Assistant OS, its image built and run as the Supervisor does by addon/config.yaml. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { StateResponse } from "@azru/contracts";
import { connectAsync } from "mqtt";
import { parse } from "yaml";
import type { Stack } from "./stack.ts";
import { expect, type Step } from "./step.ts";
import { proportionalMemory_mb } from "./usage.ts";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const project = "azru-test-addon";
const httpPort = 18_000;
const mqttPort = 18_830;
const ingressPort = 18_123;
const ingressPath = "/api/hassio_ingress/test";
/** The network of the add-ons as the Supervisor makes it, its own address there, and where add-ons get theirs. */
const network = "172.30.32.0/23";
const supervisorAddress = "172.30.32.2";
const addonAddresses = "172.30.33.0/24";
const api = `http://127.0.0.1:${httpPort}`;
const options = { api_token: "0123456789abcdef", room: "salon", tariff: "tempo", language: "fr" };
const account = { username: "addons", password: "of the broker" };
/** How long the Supervisor waits before it kills an add-on; its default. */
const stop_s = 10;

/** addon/config.yaml, as far as a container is made by it. */
interface AddonConfig {
  readonly init?: boolean;
  readonly ingress_port: number;
  readonly ports: Readonly<Record<string, number>>;
  readonly map: readonly { readonly type: string; readonly read_only?: boolean }[];
}

/** Containers and mounts as the Supervisor makes them, less its protection by AppArmor. */
function projectOf(config: AddonConfig, folder: string): object {
  const [port] = Object.keys(config.ports).map((name) => Number.parseInt(name, 10));
  const configFolder = config.map.find(({ type }) => type === "addon_config");
  const supervisorToken = "the Supervisor's";
  return {
    services: {
      "core-mosquitto": {
        image: "eclipse-mosquitto:2.0.22",
        user: "1883:1883",
        entrypoint: ["sh", "-c"],
        command: [
          'mosquitto_passwd -b -c /tmp/passwords "$$0" "$$1" && printf "%s\\n" "listener 1883" "password_file /tmp/passwords" >/tmp/conf && exec mosquitto -c /tmp/conf',
          account.username,
          account.password,
        ],
        ports: [`127.0.0.1:${mqttPort}:1883`],
      },
      supervisor: {
        image: "node:24.21.0-bookworm-slim",
        init: true,
        command: ["node", "/server.mjs"],
        environment: {
          SUPERVISOR_TOKEN: supervisorToken,
          MQTT_SERVICE: JSON.stringify({ host: "core-mosquitto", port: 1883, ssl: false, ...account }),
          INGRESS_PATH: ingressPath,
          INGRESS_PORT: `${config.ingress_port}`,
        },
        networks: { default: { ipv4_address: supervisorAddress } },
        ports: [`127.0.0.1:${ingressPort}:80`],
        volumes: [`${here("stand-ins/supervisor/server.mjs")}:/server.mjs:ro`],
      },
      addon: {
        build: { context: join(folder, "azru"), args: { BUILD_ARCH: "amd64", BUILD_VERSION: "test" } },
        init: config.init ?? true,
        environment: { SUPERVISOR_TOKEN: supervisorToken, TZ: "Europe/Paris" },
        ports: [`127.0.0.1:${httpPort}:${port}`],
        volumes: [
          `${folder}/data:/data`,
          `${folder}/config:/config:${(configFolder?.read_only ?? true) ? "ro" : "rw"}`,
        ],
        depends_on: ["core-mosquitto", "supervisor"],
      },
    },
    networks: { default: { ipam: { config: [{ subnet: network, ip_range: addonAddresses }] } } },
  };
}

async function layOut(stack: Stack): Promise<string> {
  const folder = join(stack.folder, "addon-test");
  for (const name of ["data", "config"]) mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(join(folder, "data/options.json"), JSON.stringify(options));
  const making = ["--import", "tsx", "scripts/addon.ts", join(folder, "azru")];
  await stack.inRepository({}, process.execPath, ...making);
  const config = parse(readFileSync(join(folder, "azru/config.yaml"), "utf8")) as AddonConfig;
  writeFileSync(join(folder, "compose.json"), JSON.stringify(projectOf(config, folder)));
  return folder;
}

const answerOf = async (path: string, init?: RequestInit) => {
  const response = await fetch(`${api}${path}`, { signal: AbortSignal.timeout(10_000), ...init });
  return { status: response.status, text: await response.text() };
};

/** What the broker keeps of the topics, by topic. */
async function retained(stack: Stack, topics: readonly string[]): Promise<Map<string, string>> {
  const client = await connectAsync(`mqtt://127.0.0.1:${mqttPort}`, account);
  const messages = new Map<string, string>();
  client.on("message", (topic, payload) => messages.set(topic, payload.toString()));
  try {
    await client.subscribeAsync([...topics], { qos: 1 });
    await client.publishAsync("home/sensors/salon/metrics", JSON.stringify({ temperature: 18.25 }), {
      qos: 1,
    });
    await stack.until(async () =>
      expect(messages.size >= topics.length, `retained: ${[...messages.keys()]}`),
    );
    return messages;
  } finally {
    await client.endAsync();
  }
}

async function look(stack: Stack): Promise<string> {
  await stack.until(async () => {
    const { status } = await answerOf("/health");
    expect(status === 200, `/health answers ${status}`);
  }, 300);
  const page = await answerOf("/", { headers: { accept: "text/html" } });
  expect(page.status === 200 && page.text.includes("<title>"), `the page answers ${page.status}`);
  const device = "homeassistant/device/azru_home/config";
  const messages = await retained(stack, ["home/sys/status/core", "home/sys/status/mpc", device]);
  expect(messages.get("home/sys/status/core") === "online", "the core is not online at the broker");
  expect(messages.get(device)!.includes("Murs"), "the device in Home Assistant is not in French");
  return stack.until(async () => {
    const { text } = await answerOf("/state");
    const { decision, rooms, simulated } = JSON.parse(text) as StateResponse;
    const salon = rooms.find(({ room }) => room === options.room);
    expect(salon?.metrics.temperature === 18.25, `the room of the options is ${JSON.stringify(salon)}`);
    expect(!simulated && decision?.source === "thermostat", `the decision is ${JSON.stringify(decision)}`);
    return decision.reason;
  }, 300);
}

async function post(token: string): Promise<number> {
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const body = JSON.stringify({ valve_position: 30 });
  return (await answerOf("/control/valve", { method: "POST", headers, body })).status;
}

/** Page, its script and a change through the ingress, where Home Assistant has logged the user in. */
async function useIngress(): Promise<void> {
  const url = `http://127.0.0.1:${ingressPort}${ingressPath}/`;
  const asked = async (path: string, init?: RequestInit) => {
    const response = await fetch(new URL(path, url), { signal: AbortSignal.timeout(10_000), ...init });
    expect(response.ok, `through the ingress ${path} answers ${response.status}`);
    return response;
  };
  const page = await asked("", { headers: { accept: "text/html" } });
  const policy = page.headers.get("content-security-policy") ?? "";
  expect(policy.includes("frame-ancestors 'self'"), `the page's policy is ${policy}`);
  const [, script] = /<script src="([^"]+)"/.exec(await page.text()) ?? [];
  await asked(script);
  const headers = { "content-type": "application/json" };
  await asked("control/mode", { method: "POST", headers, body: JSON.stringify({ auto_mode: true }) });
}

export const addon: Step = {
  name: "the add-on of Home Assistant OS: options, the Supervisor's broker, page and API, ingress, one decision, its end",
  run: async (stack) => {
    const folder = await layOut(stack);
    const compose = (...args: readonly string[]) =>
      stack.docker("compose", "--project-name", project, "--file", join(folder, "compose.json"), ...args);
    try {
      await compose("up", "--detach", "--build");
      const reason = await look(stack).catch(async (error: Error) => {
        throw new Error(`${error.message}\n${await compose("logs", "--tail", "30")}`);
      });
      readFileSync(join(folder, "config/home-assistant.example.yaml"));
      expect((await post("not the options' token")) === 401, "a wrong token may command");
      expect((await post(options.api_token)) === 200, "the token of the options may not command");
      await useIngress();
      const id = await compose("ps", "--quiet", "addon");
      const pids = (await stack.docker("top", id, "-o", "pid")).split("\n").slice(1).map(Number);
      const memory_mb = pids.reduce((sum, pid) => sum + proportionalMemory_mb(pid), 0);
      await stack.docker("stop", "--time", `${stop_s}`, id);
      const exitCode = await stack.docker("inspect", "--format", "{{.State.ExitCode}}", id);
      expect(exitCode === "0", `it ends with ${exitCode}`);
      const size = await stack.docker("image", "ls", "--format", "{{.Size}}", `${project}-addon`);
      return `${reason}\n${memory_mb.toFixed(0)} MB of memory in ${pids.length} processes, image ${size}`;
    } finally {
      await compose("down", "--volumes", "--timeout", "5");
    }
  },
};
