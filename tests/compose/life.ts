/** The life of a home in containers, step by step. Each step stands on the ones before it. */
import { existsSync, readdirSync } from "node:fs";
import { arch, cpus, release, totalmem } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { isoTimeOf, type StateResponse, type ValveCommand } from "@azru/contracts";
import { connectAsync, type MqttClient } from "mqtt";
import { alertQueries, dashboards, queriesOf } from "../deployment/grafana.ts";
import { addon } from "./addon.ts";
import { dashboardUids, type Grafana, grafana, lastNumbers, withVariables } from "./grafana.ts";
import { influxdbSuite } from "./influxdb-suite.ts";
import { retention } from "./retention.ts";
import type { Stack } from "./stack.ts";
import { expect, NotHere, type Step } from "./step.ts";
import { courseTable, usageTable, watchDays, watchUsage } from "./usage.ts";

const day_ms = 86_400_000;
const dayMinutes = 1440;
const firstEngineWithStartInterval = 25;
/** The version that the stand-in for Grafana has. */
const standIn = "stand-in";

async function grafanaOf(stack: Stack): Promise<Grafana> {
  return grafana(await stack.secret("grafana/admin_password"));
}

/** Connects as one of the broker's accounts, and leaves it whatever happens: an open connection keeps a process alive. */
async function asAccount<T>(
  stack: Stack,
  username: string,
  use: (client: MqttClient) => Promise<T>,
): Promise<T> {
  const password = await stack.secret(`accounts/${username}`);
  const client = await connectAsync("mqtt://127.0.0.1:1883", { username, password });
  try {
    return await use(client);
  } finally {
    await client.endAsync();
  }
}

const stateOf = (stack: Stack) => stack.api<StateResponse>("/state");

/** Waits until the core heats by a plan of the optimiser. */
function whenHeatedByPlan(stack: Stack): Promise<StateResponse> {
  return whenHeatedBy(stack, "mpc");
}

function whenHeatedBy(stack: Stack, ...sources: readonly ("mpc" | "thermostat")[]): Promise<StateResponse> {
  return stack.until(async () => {
    const state = await stateOf(stack);
    expect(
      sources.some((source) => source === state.decision?.source),
      `the last decision is ${JSON.stringify(state.decision)}`,
    );
    return state;
  }, 300);
}

async function publishReading(stack: Stack, room: string, reading: object): Promise<void> {
  await asAccount(stack, "devices", (devices) =>
    devices.publishAsync(`home/sensors/${room}/metrics`, JSON.stringify(reading), { qos: 1 }),
  );
}

/** Kills the process of a container as the kernel would for want of memory, and waits for its return. */
async function killProcess(stack: Stack, service: string): Promise<void> {
  const found = (await stack.containers()).find(({ Service }) => Service === service)!;
  const inspect = (what: string) => stack.docker("inspect", "--format", `{{.${what}}}`, found.ID);
  const restarts = Number(await inspect("RestartCount"));
  process.kill(Number(await inspect("State.Pid")), "SIGKILL");
  await stack.until(async () => {
    expect(Number(await inspect("RestartCount")) > restarts, `${service} was not started again`);
  });
}

async function isOld(stack: Stack): Promise<boolean> {
  return Number.parseInt(await stack.engineVersion(), 10) < firstEngineWithStartInterval;
}

/** Takes out of the copy what an old engine lacks, as docs/troubleshooting.md says. */
function withoutStartInterval(stack: Stack): void {
  stack.replace("services/Dockerfile", /--start-interval=\S+ /g, "");
  stack.replace("docker-compose.yml", /^ *start_interval: .*\n/gm, "");
}

/** What docs/raspberry-pi.md says to write into `.env` as soon as a real temperature arrives. */
function asRealHome(stack: Stack): void {
  stack.set("AZRU_SIMULATORS", "0");
  stack.set("AZRU_TIME", "wall");
}

/** Puts a version into the copy's place, as the engine takes it. */
async function checkOut(stack: Stack, ref: string | "as it is"): Promise<void> {
  await stack.checkOut(ref);
  if (await isOld(stack)) withoutStartInterval(stack);
}

const start: readonly Step[] = [
  {
    name: "the file is read as it is meant",
    isBase: true,
    run: async (stack) => {
      await stack.checkOut("as it is");
      await stack.compose("config", "--quiet");
      // What a run left behind that was ended together with its engine
      await stack.clear();
      const versions = '{{range .Server.Components}}{{.Name}} {{index (split .Version "~") 0}}, {{end}}';
      return [
        `${await stack.docker("version", "--format", versions)}${await stack.compose("version")}`,
        `${isoTimeOf(Date.now())}, ${release()} ${arch()}, ${cpus().length} × ${cpus()[0].model}, ${(totalmem() / 2 ** 30).toFixed(0)} GB`,
      ].join("\n");
    },
  },
  {
    name: "an old engine says what it lacks, and does without it",
    isBase: true,
    run: async (stack) => {
      if (!(await isOld(stack)))
        throw new NotHere(
          `Docker ${await stack.engineVersion()} is not older than ${firstEngineWithStartInterval}`,
        );
      const said = [
        await stack.composeFailure("build", "core"),
        await stack.composeFailure("up", "--detach", "mosquitto"),
      ].map((text) => text.trim().split("\n").at(-1)!);
      expect(/Unknown flag: start-interval/.test(said[0]), said[0]);
      expect(/start_interval .*require Docker Engine v25/.test(said[1]), said[1]);
      withoutStartInterval(stack);
      return said.join("\n");
    },
  },
  {
    name: "the images are built",
    isBase: true,
    run: async (stack) => void (await stack.compose("build")),
  },
  {
    name: "everything comes up, healthy",
    isBase: true,
    run: async (stack) => {
      await stack.compose("up", "--detach");
      await stack.whenHealthy();
      const ended = (await stack.containers()).filter(({ State }) => State === "exited");
      const names = ended.map(({ Service, ExitCode }) => `${Service} ended with ${ExitCode}`).sort();
      expect(names.join() === "influxdb-tokens ended with 0,init ended with 0", names.join());
      return undefined;
    },
  },
  {
    name: "the services' images hold what runs alone: no sources, tests, benches or esbuild",
    run: async (stack) => {
      const ours = ["/app/program", "/app/packages", "/app/services", "-not", "-path", "*/node_modules/*"];
      const sources = ["(", "-name", "*.ts", "-o", "-name", "bench", ")"];
      for (const service of ["core", "mpc", "sensor-simulator"]) {
        const found = [
          await stack.compose("exec", "-T", service, "find", ...ours, ...sources),
          await stack.compose("exec", "-T", service, "find", "/app", "-name", "*esbuild*"),
        ].join("\n");
        expect(found.trim() === "", `${service} has ${found}`);
      }
      const sizes = await stack.docker("image", "ls", "--format", "{{.Repository}} {{.Size}}", "azru-test-*");
      return sizes.split("\n").sort().join("\n");
    },
  },
  {
    name: "the services' logs are JSON without errors, with one address to open",
    run: async (stack) => {
      const lines = (
        await stack.compose("logs", "--no-log-prefix", "core", "mpc", "sensor-simulator", "influxdb-tokens")
      ).split("\n");
      const bad = lines.filter((line) => line !== "" && !/^\{"level":[1-4]0,/.test(line));
      expect(bad.length === 0, bad.join("\n"));
      const api = lines.flatMap((line) => /API at (http:\S+?),/.exec(line)?.[1] ?? []);
      expect(api.join() === "http://localhost:8000", `the API is said to be at ${api.join()}`);
      return undefined;
    },
  },
  {
    name: "init has printed Grafana's password once, and the broker's health checks leave no line in its log",
    run: async (stack) => {
      await stack.compose("up", "--detach"); // init runs again
      const password = await stack.secret("grafana/admin_password");
      const printed = (await stack.compose("logs", "--no-log-prefix", "init")).split(password).length - 1;
      expect(printed === 1, `the password is printed ${printed} times`);
      const log = await stack.compose("logs", "--no-log-prefix", "mosquitto");
      expect(log.includes("New connection from"), "the broker logs no connection");
      const own = log.split("\n").filter((line) => line.includes("from 127.0.0.1:"));
      expect(own.length === 0, own.join("\n"));
      return undefined;
    },
  },
  {
    name: "the simulated home is heated by plans",
    run: async (stack) => {
      const { decision, simulated } = await whenHeatedByPlan(stack);
      expect(simulated, "the home is not simulated");
      await stack.api("/plan");
      return decision?.reason;
    },
  },
  {
    name: "a device's account publishes, sees commands, and may do nothing else",
    run: async (stack) => {
      const command = await asAccount(stack, "devices", async (devices) => {
        const commands: ValveCommand[] = [];
        devices.on("message", (_, payload) => commands.push(JSON.parse(payload.toString()) as ValveCommand));
        await devices.subscribeAsync("home/+/valve/set", { qos: 1 });
        await devices.publishAsync("home/sensors/kitchen/metrics", JSON.stringify({ temperature: 18.25 }));
        await devices.publishAsync("home/living-room/valve/set", JSON.stringify({ valve_position: 100 }));
        return stack.until(async () => {
          const [first] = commands;
          expect(first !== undefined, "no command came");
          const kitchen = (await stateOf(stack)).rooms.find(({ room }) => room === "kitchen");
          expect(
            kitchen?.metrics.temperature === 18.25,
            `the core knows of the kitchen ${JSON.stringify(kitchen)}`,
          );
          return first;
        });
      });
      expect(command.valve_position !== 100, "a device commands a valve");
      return `valve at ${command.valve_position.toFixed(1)} % by ${command.source}`;
    },
  },
];

const stored: readonly Step[] = [
  {
    name: "every dashboard query is answered through Grafana",
    run: async (stack) => {
      const page = await grafanaOf(stack);
      const uids = (await page.get<{ uid: string }[]>("/api/search?type=dash-db")).map(({ uid }) => uid);
      expect(
        dashboardUids.every((uid) => uids.includes(uid)),
        `Grafana has the dashboards ${uids.join()}`,
      );
      const nowMs = Date.parse((await stateOf(stack)).time);
      const range = { fromMs: nowMs - day_ms, toMs: nowMs + day_ms };
      const queries = dashboards.flatMap(queriesOf).map((query) => withVariables(query, "living-room"));
      const empty: string[] = [];
      for (const query of queries) {
        if ((await page.query(query, range)).length === 0) empty.push(query.place);
      }
      const live = empty.filter((place) => !/two batch runs|deux études/.test(place));
      return `${queries.length} queries; without data yet: ${live.join("; ") || "none"}`;
    },
  },
  {
    name: "the dashboards are what Grafana's own types take, strictly",
    run: async (stack) => {
      const types = fileURLToPath(new URL("dashboard-types", import.meta.url));
      const folder = join(stack.folder, "grafana", "dashboards");
      const files = readdirSync(folder).map((file) => join(folder, file));
      try {
        await stack.run("go", "run", "-C", types, ".", ...files);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") throw new NotHere("there is no Go");
        throw error;
      }
      return `${files.length} dashboards`;
    },
  },
  {
    name: "every alert rule is evaluated",
    run: async (stack) => {
      const page = await grafanaOf(stack);
      const rules = await page.get<{ uid: string }[]>("/api/v1/provisioning/alert-rules");
      expect(rules.length === alertQueries.length, `Grafana has ${rules.length} rules`);
      const { version } = await page.get<{ version: string }>("/api/health");
      if (version !== standIn) await stack.until(() => whenEvaluated(page));
      const values = await alertValues(stack);
      expect(
        values.every(([, found]) => found.length === 0),
        `alarms of a home that is only simulated: ${JSON.stringify(values)}`,
      );
      return version === standIn ? "by their queries; Grafana itself is not here" : `Grafana ${version}`;
    },
  },
  {
    name: "a guessed password of Grafana is refused",
    run: async () => {
      const refusal = await grafana("admin")
        .get("/api/search")
        .then(
          () => "none",
          (error: Error) => error.message,
        );
      expect(refusal.includes("401"), `the answer to admin / admin: ${refusal}`);
      return undefined;
    },
  },
];

/** Throws until Grafana has evaluated all rules without an error. */
async function whenEvaluated(page: Grafana): Promise<void> {
  const { data } = await page.get<{ data: { groups: { rules: { name: string; health: string }[] }[] } }>(
    "/api/prometheus/grafana/api/v1/rules",
  );
  const rules = data.groups.flatMap((group) => group.rules);
  const unwell = rules.filter(({ health }) => health !== "ok" && health !== "nodata");
  expect(rules.length === alertQueries.length && unwell.length === 0, JSON.stringify(rules));
}

/** The last values of each alert rule's query, now. */
async function alertValues(stack: Stack): Promise<[string, number[]][]> {
  const page = await grafanaOf(stack);
  const toMs = Date.now();
  const values: [string, number[]][] = [];
  for (const query of alertQueries) {
    const frames = await page.query(query, { fromMs: toMs - 30 * day_ms, toMs });
    values.push([query.place.split(",")[0], lastNumbers(frames)]);
  }
  return values;
}

const trouble: readonly Step[] = [
  {
    // The twin would begin anew at the clock's time, behind what it has simulated.
    name: "manual mode outlives a restart of all but the twin",
    run: async (stack) => {
      await stack.api("/control/valve", { valve_position: 33 });
      await stack.compose("restart", "mosquitto", "influxdb", "core", "mpc", "grafana");
      await stack.whenHealthy();
      const { mode, manual } = await stateOf(stack);
      expect(mode === "manual" && manual?.valve_position === 33, `the mode is ${mode}`);
      await stack.api("/control/mode", { auto_mode: true });
      await whenHeatedByPlan(stack);
      return undefined;
    },
  },
  {
    name: "core, optimiser, broker and InfluxDB are killed, one by one, and come back",
    run: async (stack) => {
      for (const service of ["mpc", "core", "mosquitto", "influxdb"]) {
        await killProcess(stack, service);
        await stack.whenHealthy();
        await whenHeatedByPlan(stack);
      }
      return undefined;
    },
  },
  {
    name: "three optimisers share the work",
    run: async (stack) => {
      await stack.compose("up", "--detach", "--scale", "mpc=3", "--no-recreate");
      await stack.whenHealthy();
      await stack.api("/force-optimization", {});
      await whenHeatedByPlan(stack);
      const workers = (await stack.containers()).filter(({ Service }) => Service === "mpc");
      expect(workers.length === 3, `${workers.length} optimisers run`);
      await stack.compose("up", "--detach", "--scale", "mpc=1", "--no-recreate");
      return undefined;
    },
  },
];

const valvesFile = `zigbee2mqtt:
  base_topic: home/sensors
rooms:
  living-room:
    sensors: [{ name: thermometer }]
    relays: [{ topic: home/sensors/heater/relay/set, minimum_on_minutes: 0, minimum_off_minutes: 0 }]
`;

const realHome: readonly Step[] = [
  {
    name: "from the simulated to a real home: no alarm is blind, and the home is heated by the Tempo rule until it is learnt",
    run: async (stack) => {
      asRealHome(stack);
      await stack.compose("up", "--detach");
      await stack.whenHealthy();
      const before = await stack.until(async () => {
        const values = new Map(await alertValues(stack));
        const failSafe = values.get("azru-fail-safe")!;
        expect(
          failSafe.join() === "1",
          `without a reading the fail-safe alarm sees ${failSafe.join() || "nothing"}`,
        );
        return values;
      });
      const ages_min = before.get("azru-no-fresh-temperature")!;
      expect(
        ages_min.every((age_min) => age_min > 30),
        `before a real reading the alarm sees one of ${ages_min.join()} minutes ago`,
      );
      await publishReading(stack, "living-room", { temperature: 19.4 });
      const { simulated, time } = await whenHeatedBy(stack, "thermostat");
      expect(!simulated, "the home is still simulated");
      expect(Math.abs(Date.parse(time) - Date.now()) < 60_000, `the home's time is ${time}`);
      const [age_min] = await stack.until(async () => {
        const values = new Map(await alertValues(stack)).get("azru-no-fresh-temperature")!;
        expect(
          values.length > 0 && values[0] < 10,
          `the alarm sees readings of ${values.join()} minutes ago`,
        );
        return values;
      });
      await stack.until(async () => {
        const failSafe = new Map(await alertValues(stack)).get("azru-fail-safe")!;
        expect(
          failSafe.join() === "0",
          `with a reading the fail-safe alarm sees ${failSafe.join() || "nothing"}`,
        );
      });
      return `"No fresh temperature" sees a reading of ${age_min.toFixed(1)} minutes ago, "Fail-safe active" has ended`;
    },
  },
  {
    name: "real valves: a thermometer of zigbee2mqtt is read, and a relay switches as the core commands",
    run: async (stack) => {
      stack.write("config/valves.yaml", valvesFile);
      await stack.compose("--profile", "valves", "up", "--detach");
      await stack.whenHealthy();
      const last = await asAccount(stack, "zigbee2mqtt", async (zigbee) => {
        const switched: string[] = [];
        zigbee.on("message", (_, payload) => switched.push(payload.toString()));
        await zigbee.subscribeAsync("home/sensors/heater/relay/set", { qos: 1 });
        await zigbee.publishAsync("home/sensors/thermometer", JSON.stringify({ temperature: 17.5 }), {
          qos: 1,
        });
        await stack.until(async () => {
          const room = (await stateOf(stack)).rooms.find(({ room }) => room === "living-room");
          expect(room?.metrics.temperature === 17.5, `the living room is ${JSON.stringify(room)}`);
        });
        await stack.api("/control/valve", { valve_position: 100 });
        return stack.until(async () => {
          expect(switched.at(-1) === "ON", `the relay was switched ${switched.join() || "never"}`);
          return switched.at(-1);
        });
      });
      await stack.api("/control/mode", { auto_mode: true });
      return last;
    },
  },
];

/** What must be the same after a restore or an upgrade. */
async function memoryOf(stack: Stack) {
  const history = await stack.api<{ columns: unknown; rows?: unknown[] }>(
    `/history?series=sensors.temperature&start=${isoTimeOf(Date.now() - day_ms)}`,
  );
  return {
    devices: await stack.secret("accounts/devices"),
    grafana: await stack.secret("grafana/admin_password"),
    points: JSON.stringify(history).length > 200,
  };
}

const keeping: readonly Step[] = [
  {
    name: "a backup, everything removed, and all is back",
    run: async (stack) => {
      const before = await memoryOf(stack);
      await stack.api("/control/valve", { valve_position: 44 });
      await stack.compose("stop");
      const label = "label=com.docker.compose.project=azru-test";
      const volumes = (await stack.docker("volume", "ls", "--quiet", "--filter", label)).split("\n");
      const root = `${await stack.docker("info", "--format", "{{.DockerRootDir}}")}/volumes`;
      if (!existsSync(root)) throw new NotHere(`${root} can be read by root alone`);
      const backup = join(stack.folder, "backup.tar.gz");
      await stack.run("tar", "-C", root, "-czf", backup, ...volumes);
      await stack.compose("--profile", "valves", "down", "--volumes");
      await stack.compose("create", "--build");
      await stack.run("tar", "-C", root, "-xzf", backup);
      await stack.compose("up", "--detach");
      await stack.whenHealthy();
      const { mode, manual } = await stateOf(stack);
      expect(mode === "manual" && manual?.valve_position === 44, `the mode is ${mode}`);
      const after = await memoryOf(stack);
      expect(JSON.stringify(after) === JSON.stringify(before), JSON.stringify({ before, after }));
      await stack.api("/control/mode", { auto_mode: true });
      return `${volumes.length} volumes`;
    },
  },
  {
    name: "InfluxDB set up anew: tokens are made again, secrets stay",
    run: async (stack) => {
      await stack.compose("rm", "--stop", "--force", "influxdb");
      await stack.docker("volume", "rm", "azru-test_influxdb-data");
      await stack.compose("up", "--detach");
      await stack.compose("restart", "core", "grafana");
      await stack.whenHealthy();
      await publishReading(stack, "living-room", { temperature: 19.5 });
      await stack.until(async () => {
        const values = new Map(await alertValues(stack)).get("azru-no-fresh-temperature")!;
        expect(values.length > 0, "Grafana does not see the reading");
      });
      return undefined;
    },
  },
  {
    name: "an upgrade from the version before",
    run: async (stack, { upgradeFrom }) => {
      const ref = upgradeFrom ?? (await stack.lastTag());
      if (!ref) throw new NotHere("no version has a tag yet; --upgrade-from names one");
      await stack.compose("--profile", "*", "down", "--volumes");
      asRealHome(stack);
      await checkOut(stack, ref);
      await stack.compose("up", "--detach", "--build");
      await stack.whenHealthy();
      await publishReading(stack, "living-room", { temperature: 18.5 });
      await whenHeatedBy(stack, "mpc", "thermostat");
      const devices = await stack.secret("accounts/devices");
      await checkOut(stack, "as it is");
      await stack.compose("up", "--detach", "--build");
      await stack.whenHealthy();
      expect((await stack.secret("accounts/devices")) === devices, "the devices' password has changed");
      const room = (await stateOf(stack)).rooms.find(({ room }) => room === "living-room");
      expect(room?.metrics.temperature === 18.5, `the last reading is ${JSON.stringify(room)}`);
      await whenHeatedBy(stack, "mpc", "thermostat");
      await (await grafanaOf(stack)).get("/api/search");
      return `from ${ref}`;
    },
  },
];

const watching: readonly Step[] = [
  {
    name: "memory, and what is written to the disk",
    run: async (stack, { watch_minutes }) => {
      if (watch_minutes === 0) throw new NotHere("--watch is 0");
      return usageTable(await watchUsage(stack, watch_minutes));
    },
  },
];

/** How often a Zigbee thermometer reports. */
const sample_s = 300;

const fast: readonly Step[] = [
  {
    name: "memory over many simulated days",
    run: async (stack, { homeDays, homeMinutes }) => {
      if (homeDays === 0) throw new NotHere("--home-days is 0");
      stack.set("AZRU_PACING", "lockstep");
      stack.set("AZRU_SPEED", `${Math.ceil((homeDays * dayMinutes) / homeMinutes)}`);
      stack.set("AZRU_SAMPLE_SECONDS", `${sample_s}`);
      await stack.compose("up", "--detach");
      await stack.whenHealthy();
      const start_ms = performance.now();
      const minutes = () => (performance.now() - start_ms) / 60_000;
      const homeMs = async () => Date.parse((await stateOf(stack)).time);
      const course = await watchDays(stack, homeDays, homeMs, () => minutes() > 1.25 * homeMinutes);
      const took_minutes = minutes();
      expect(course.days > 0, "the home's time stands");
      stack.replace(".env", /^AZRU_(PACING|SPEED|SAMPLE_SECONDS)=.*\n/gm, "");
      await stack.compose("up", "--detach");
      await stack.whenHealthy();
      return [
        `${course.days.toFixed(1)} days in ${took_minutes.toFixed(0)} minutes, ${course.looks} looks; written: an hour of the home's time`,
        courseTable(course),
        "MB at the end of each day",
        ...course.services.map(
          ({ service, daily_mb }) => `${service}: ${daily_mb.map(Math.round).join(" ")}`,
        ),
      ].join("\n");
    },
  },
];

/** The whole life of a home. */
export const steps: readonly Step[] = [
  ...start,
  ...stored,
  ...watching,
  retention,
  influxdbSuite,
  ...trouble,
  ...fast,
  ...realHome,
  ...watching,
  ...keeping,
  addon,
];
