/** A copy of the repository, and its docker-compose.yml as a project of its own. */
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { execa } from "execa";

const repository = fileURLToPath(new URL("../..", import.meta.url));
const project = "azru-test";
/** Reading a secret starts a container; it is read again after these. */
const mayChangeSecrets = ["up", "down", "restart", "rm", "create"];
/** What is asked again and again while nothing goes on. */
const looks = ["ps", "top", "inspect", "logs", "version"];

/** A container, as `docker compose ps` shows it. */
interface Container {
  readonly ID: string;
  readonly Name: string;
  readonly Service: string;
  readonly State: string;
  readonly Health: string;
  readonly ExitCode: number;
}

export interface Stack {
  readonly folder: string;
  /** What the engine says of itself: "28.5.2". */
  engineVersion(): Promise<string>;
  /** `docker compose ...` in the copy; gives what it prints. */
  compose(...args: readonly string[]): Promise<string>;
  /** The same where it must fail; gives what it says. */
  composeFailure(...args: readonly string[]): Promise<string>;
  docker(...args: readonly string[]): Promise<string>;
  /** Another program, in the copy. */
  run(program: string, ...args: readonly string[]): Promise<string>;
  /** Another program, in the repository itself, with these variables beside its environment. */
  inRepository(
    environment: Readonly<Record<string, string>>,
    program: string,
    ...args: readonly string[]
  ): Promise<string>;
  /** The repository's last tag, if it has one. */
  lastTag(): Promise<string | undefined>;
  containers(): Promise<Container[]>;
  /** All containers and the ends of their logs. */
  state(): Promise<string>;
  /** Waits until every lasting container is healthy, or says which is not. */
  whenHealthy(timeout_s?: number): Promise<void>;
  /** Repeats a look at the stack until it does not throw; throws what it threw last when the time is over. */
  until<T>(look: () => Promise<T>, timeout_s?: number): Promise<T>;
  /** Says that the test goes on, where neither a command that does something nor the end of a wait shows it. */
  goesOn(): void;
  /** A line for the file `.env`. */
  set(name: string, value: string): void;
  /** A file of the copy. */
  write(file: string, text: string): void;
  replace(file: string, search: string | RegExp, by: string): void;
  /** Puts another version of the repository in the copy's place; what a home added to it stays. */
  checkOut(ref: string | "as it is"): Promise<void>;
  /** A secret that the init service generated: `secret("accounts/devices")`. */
  secret(file: string): Promise<string>;
  /** The core's answer. */
  api<T>(path: string, body?: object): Promise<T>;
  /** Removes the project and those that steps make beside it, `azru-test-...`, of an earlier run too. */
  clear(): Promise<void>;
  /** Removes these and the copy. */
  remove(): Promise<void>;
}

/**
 * @param signal when it aborts, the engine's commands end; only the state and the removal remain
 * @param goesOn called whenever something has gone on
 */
export function createStack(signal: AbortSignal, goesOn: () => void): Stack {
  const folder = mkdtempSync(join(tmpdir(), "azru-compose-"));
  const inFolder = { cwd: folder, env: { COMPOSE_PROJECT_NAME: project } };
  const cancelled = { ...inFolder, cancelSignal: signal };
  const docker = async (...args: readonly string[]) => {
    const running = execa("docker", args, cancelled);
    const isLook = args.some((arg) => looks.includes(arg));
    if (!isLook) for (const output of [running.stdout, running.stderr]) output.on("data", goesOn);
    const { stdout } = await running;
    if (!isLook) goesOn();
    return stdout;
  };
  const secrets = new Map<string, string>();
  const compose = (...args: readonly string[]) => {
    if (args.some((arg) => mayChangeSecrets.includes(arg))) secrets.clear();
    return docker("compose", ...args);
  };
  let checkedOut: readonly string[] = [];
  const containers = async () =>
    (await compose("ps", "--all", "--format", "json"))
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as Container);
  const waitUntil = async <T>(look: () => Promise<T>, timeout_s?: number) => {
    const found = await until(look, timeout_s);
    goesOn();
    return found;
  };
  const always = async (...args: readonly string[]) =>
    (await execa("docker", ["compose", "--profile", "*", ...args], inFolder)).stdout;
  const clear = async () => {
    const down = ["down", "--volumes", "--remove-orphans", "--timeout", "30"];
    await always(...down);
    // Where there is no file, a project is what carries its label.
    const elsewhere = { cwd: tmpdir() };
    const { stdout } = await execa("docker", ["compose", "ls", "--all", "--format", "json"], elsewhere);
    for (const { Name } of JSON.parse(stdout) as { readonly Name: string }[])
      if (Name.startsWith(`${project}-`))
        await execa("docker", ["compose", "--project-name", Name, ...down], elsewhere);
  };
  const secret = async (file: string) => {
    const known = secrets.get(file);
    if (known !== undefined) return known;
    const read = ["run", "--rm", "--no-deps", "--entrypoint", "cat", "init", `/secrets/${file}`];
    const value = await compose(...read);
    secrets.set(file, value);
    return value;
  };

  return {
    folder,
    engineVersion: () => docker("version", "--format", "{{.Server.Version}}"),
    compose,
    composeFailure: async (...args) => {
      const { exitCode, all } = await execa("docker", ["compose", ...args], {
        ...cancelled,
        reject: false,
        all: true,
      });
      if (exitCode === 0) throw new Error(`docker compose ${args.join(" ")} did not fail`);
      return all;
    },
    docker,
    run: async (program, ...args) => (await execa(program, args, cancelled)).stdout,
    inRepository: async (env, program, ...args) =>
      (await execa(program, args, { cwd: repository, env, cancelSignal: signal })).stdout,
    lastTag: async () =>
      (await execa("git", ["describe", "--tags", "--abbrev=0"], { cwd: repository, reject: false })).stdout ||
      undefined,
    containers,
    state: async () => `${await always("ps", "--all")}\n${await always("logs", "--tail", "15")}`,
    whenHealthy: (timeout_s = 600) =>
      waitUntil(async () => {
        const unwell = (await containers())
          .filter(({ State, Health, ExitCode }) =>
            State === "exited" ? ExitCode !== 0 : State !== "running" || Health !== "healthy",
          )
          .map(({ Name, State, Health }) => `${Name} is ${State} ${Health}`);
        if (unwell.length > 0) throw new Error(unwell.join(", "));
      }, timeout_s),
    until: waitUntil,
    goesOn,
    set: (name, value) => appendFileSync(join(folder, ".env"), `${name}=${value}\n`),
    write: (file, text) => writeFileSync(join(folder, file), text),
    replace: (file, search, by) => {
      const path = join(folder, file);
      writeFileSync(path, readFileSync(path, "utf8").replaceAll(search, by));
    },
    checkOut: async (ref) => {
      const files =
        ref === "as it is"
          ? "git ls-files --cached --others --exclude-standard -z | xargs -0 ls -d 2>/dev/null | tar -c -T -"
          : `git archive ${ref}`;
      for (const file of checkedOut) rmSync(join(folder, file), { force: true });
      const { stdout } = await execa("bash", ["-c", `set -o pipefail; ${files} | tar -xv -C "$0"`, folder], {
        cwd: repository,
      });
      checkedOut = stdout.split("\n").filter((file) => !file.endsWith("/"));
    },
    secret,
    api: async <T>(path: string, body?: object) => {
      const token = body ? await secret("core/api_token") : undefined;
      const response = await fetch(`http://127.0.0.1:8000${path}`, {
        ...(body && { method: "POST", body: JSON.stringify(body) }),
        headers: { ...(token && { authorization: `Bearer ${token}`, "content-type": "application/json" }) },
      });
      const text = await response.text();
      if (!response.ok) throw new Error(`${path} answers ${response.status}: ${text}`);
      return JSON.parse(text) as T;
    },
    clear,
    remove: () => clear().finally(() => rmSync(folder, { recursive: true })),
  };
}

async function until<T>(look: () => Promise<T>, timeout_s = 240): Promise<T> {
  const end_ms = performance.now() + timeout_s * 1000;
  for (;;) {
    try {
      return await look();
    } catch (error) {
      if (performance.now() > end_ms) throw error;
    }
    await setTimeout(500);
  }
}
