import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { describe, expect, it } from "vitest";
import { runnable } from "./testing.ts";

const program = runnable(new URL("./fixtures/service.ts", import.meta.url));

interface Outcome {
  readonly code: number | null;
  readonly messages: string[];
  readonly errors: string;
}

/** Runs the service in a real process, sends it the signals once it is ready, waits for its end. */
async function run(
  task: string,
  signals: NodeJS.Signals[] = [],
  environment: NodeJS.ProcessEnv = {},
): Promise<Outcome> {
  const child = spawn(process.execPath, [...program.nodeOptions, program.file, task], {
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const exit = once(child, "exit");
  const messages: string[] = [];
  let errors = "";
  child.stderr.on("data", (chunk) => {
    errors += chunk;
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const { msg } = JSON.parse(line);
    messages.push(msg);
    if (msg.startsWith("ready")) for (const signal of signals) child.kill(signal);
  }
  const [code] = await exit;
  return { code, messages, errors };
}

describe.concurrent("a service", () => {
  it.each(["SIGTERM", "SIGINT"] as const)(
    "closes in reverse order on %s and exits with 0",
    async (signal) => {
      expect(await run("run", [signal])).toEqual({
        code: 0,
        messages: [
          "ready on 1",
          `stopping: ${signal}`,
          "aborted",
          "broker closed",
          "store closed",
          "stopped",
        ],
        errors: "",
      });
    },
  );

  it("is not disturbed by a second signal", async () => {
    const { code, messages } = await run("run", ["SIGINT", "SIGTERM"]);
    expect(code).toBe(0);
    expect(messages.at(-1)).toBe("stopped");
  });

  it("exits with 1 when something could not be closed, after closing the rest", async () => {
    const { code, messages } = await run("fail to close", ["SIGTERM"]);
    expect(code).toBe(1);
    expect(messages.slice(-3)).toEqual(["closing broker failed", "store closed", "stopped"]);
  });

  it("exits with 1 when closing takes too long, and says what was left open", async () => {
    const { code, messages } = await run("hang", ["SIGTERM"]);
    expect(code).toBe(1);
    expect(messages.at(-1)).toBe("not closed within 5000 ms: broker, store");
  });

  it.each([
    ["throw", "uncaught error"],
    ["reject", "unhandled rejection"],
  ])("closes and exits with 1 on an error nobody handles (%s)", async (task, message) => {
    const { code, messages } = await run(task);
    expect(code).toBe(1);
    expect(messages).toContain(message);
    expect(messages.slice(-3)).toEqual(["broker closed", "store closed", "stopped"]);
  });

  it("exits with 1 when it cannot start", async () => {
    const { code, messages } = await run("fail to start");
    expect(code).toBe(1);
    expect(messages).toEqual(["test cannot start", "stopping: failed start", "stopped"]);
  });

  it("exits with 2 and one line a variable when its configuration is wrong", async () => {
    const environment = { TEST_PORT: "99", AZRU_LOG_LEVEL: "loud" };
    const { code, messages, errors } = await run("run", [], environment);
    expect({ code, messages }).toEqual({ code: 2, messages: [] });
    expect(errors.trimEnd().split("\n")).toEqual([
      expect.stringContaining("test: AZRU_LOG_LEVEL expected one of"),
      'test: TEST_PORT expected number to be <=9, got "99"',
    ]);
  });

  it("exits with 2 and one line when the start finds the configuration wrong", async () => {
    const { code, errors } = await run("find a file missing");
    expect({ code, errors }).toEqual({ code: 2, errors: "test: TEST_FILE x.json cannot be read: ENOENT\n" });
  });
});
