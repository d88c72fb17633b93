/** Real brokers for tests: Mosquitto where it is installed, the embedded one always. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { accessSync, constants, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";
import getPort from "get-port";
import { type EmbeddedBroker, startEmbeddedBroker } from "./broker.ts";

export interface TestBroker {
  readonly url: string;
  readonly port: number;
  /** Its process: ours where the broker is embedded. */
  readonly pid: number | undefined;
  /** Ends the broker, by SIGKILL without a farewell to its clients. Its retained messages are gone, unless it keeps them on disk. */
  kill(signal?: "SIGKILL" | "SIGTERM"): Promise<void>;
  /** Starts it again on the same port. */
  restart(): Promise<void>;
  /** Ends it for good and removes its files. */
  stop(): Promise<void>;
}

export interface BrokerKind {
  /** For the name of a test, so that the report says which broker ran. */
  readonly name: string;
  readonly available: boolean;
  readonly protocolVersion: 4 | 5;
  start(): Promise<TestBroker>;
}

const mosquitto = findMosquitto();

/** The brokers that tests run against; skip those that are not `available`. */
export const brokers: readonly BrokerKind[] = [
  {
    name: "aedes (embedded, MQTT 3.1.1)",
    available: true,
    protocolVersion: 4,
    start: startAedes,
  },
  {
    name: mosquitto ? "Mosquitto (MQTT 5)" : "Mosquitto (not installed)",
    available: mosquitto !== undefined,
    protocolVersion: 5,
    start: () => startMosquitto(),
  },
];

async function startAedes(): Promise<TestBroker> {
  let broker: EmbeddedBroker = await startEmbeddedBroker({ port: 0 });
  const { url, port } = broker;
  const kill = () => broker.close();
  return {
    url,
    port,
    pid: process.pid,
    kill,
    async restart() {
      broker = await startEmbeddedBroker({ port });
    },
    stop: kill,
  };
}

export interface MosquittoOptions {
  /** Files of the broker by name: ACL, passwords, certificates. */
  readonly files?: Readonly<Record<string, string>>;
  /** Further lines of its configuration, given the folder that holds the files; anonymous access is allowed unless they say otherwise. */
  readonly config?: (folder: string) => readonly string[];
}

/**
 * Starts Mosquitto on a free port of loopback.
 *
 * @throws Error when Mosquitto is not installed or ends at once, with what it printed
 */
export async function startMosquitto({
  files = {},
  config = () => [],
}: MosquittoOptions = {}): Promise<TestBroker> {
  if (mosquitto === undefined) throw new Error("mosquitto is not installed");
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), "azru-mosquitto-"));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text, { mode: 0o600 });
  const lines = config(folder);
  const access = lines.some((line) => line.startsWith("allow_anonymous")) ? [] : ["allow_anonymous true"];
  // Started by root it would become the user "mosquitto", who may not read these files.
  const user = process.getuid?.() === 0 ? ["user root"] : [];
  const file = join(folder, "mosquitto.conf");
  writeFileSync(
    file,
    [...user, `listener ${port} 127.0.0.1`, "set_tcp_nodelay true", ...access, ...lines, ""].join("\n"),
  );
  let child = await runMosquitto(mosquitto, file);
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exit = once(child, "exit");
    child.kill(signal);
    await exit;
  };
  return {
    url: `mqtt://127.0.0.1:${port}`,
    port,
    get pid() {
      return child.pid;
    },
    kill: (signal = "SIGKILL") => end(signal),
    async restart() {
      child = await runMosquitto(mosquitto, file);
    },
    async stop() {
      child.kill("SIGCONT"); // Stopped by a test, it would not receive the next.
      await end("SIGTERM");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Resolves when Mosquitto says that it is running. */
async function runMosquitto(program: string, file: string): Promise<ChildProcess> {
  const child = spawn(program, ["-v", "-c", file], { stdio: ["ignore", "ignore", "pipe"] });
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stderr })) {
    lines.push(line);
    if (/mosquitto version \S+ running/.test(line)) {
      child.stderr.resume();
      return child;
    }
  }
  throw new Error(`mosquitto ended: ${lines.join(" | ")}`);
}

/** A port of loopback that was free a moment ago. */
export function freePort(): Promise<number> {
  return getPort({ host: "127.0.0.1" });
}

function findMosquitto(): string | undefined {
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/usr/local/sbin"];
  return folders.map((folder) => join(folder, "mosquitto")).find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
