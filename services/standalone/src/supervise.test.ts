import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLogger } from "@azru/runtime";
import { afterAll, expect, it, onTestFinished } from "vitest";
import { type Service, type ServiceOptions, supervise } from "./supervise.ts";

const folder = mkdtempSync(join(tmpdir(), "azru-supervise-"));
afterAll(() => rmSync(folder, { recursive: true }));

interface Watched {
  readonly service: Service;
  /** What the service wrote. */
  readonly lines: string[];
  /** What the supervisor said of it. */
  readonly said: string[];
  /** Resolves when the service has written so many lines. */
  written(count: number): Promise<void>;
}

function watch(name: string, code: string, options: Partial<ServiceOptions> = {}): Watched {
  const file = join(folder, `${name}.mjs`);
  writeFileSync(file, code);
  const lines: string[] = [];
  const said: string[] = [];
  const waiting = new Set<() => void>();
  const log = createLogger({
    service: "test",
    format: "json",
    destination: { write: (line) => void said.push(JSON.parse(line).msg) },
  });
  const onLine = (line: string) => {
    lines.push(line);
    for (const look of waiting) look();
  };
  const service = supervise({ name, file, env: {}, onLine, log, restartMin_ms: 1, ...options });
  onTestFinished(() => service.stop());
  const written = (count: number) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (lines.length >= count) resolve();
      };
      waiting.add(look);
      look();
    });
  return { service, lines, said, written };
}

const obedient = `process.once("SIGTERM", () => { console.log("ended"); process.exit(0); }); setInterval(() => {}, 1e6);`;

it("hands on what a service writes, on both outputs, and its environment", async () => {
  const { service, lines, written } = watch(
    "writer",
    `${obedient} console.log("on output", process.env.AZRU_SITE); console.error("on error");`,
    { env: { AZRU_SITE: "cottage" } },
  );
  await written(2);
  expect(lines.sort()).toEqual(["on error", "on output cottage"]);
  await service.stop();
  expect(lines.at(-1)).toBe("ended");
});

it("starts a service again whenever it ends, after longer and longer pauses", async () => {
  const { service, said, written } = watch("crashing", `console.log(process.pid); process.exit(3);`);
  await written(4);
  await service.stop();
  const pauses = said.filter((line) => line.includes("ended"));
  expect(pauses.slice(0, 3)).toEqual([
    "crashing ended (exit code 3), starting it again in 0.001 s",
    "crashing ended (exit code 3), starting it again in 0.002 s",
    "crashing ended (exit code 3), starting it again in 0.004 s",
  ]);
});

it("also starts again one that was killed, as another process", async () => {
  const { service, lines, said, written } = watch("killed", `${obedient} console.log(process.pid);`);
  await written(1);
  expect(service.pid).toBe(Number(lines[0]));
  process.kill(service.pid!, "SIGKILL");
  await written(2);
  expect(lines[1]).not.toBe(lines[0]);
  expect(said).toContain("killed ended (SIGKILL), starting it again in 0.001 s");
});

it("does not start again one that refuses its configuration", async () => {
  const { service, lines } = watch("refusing", `console.error("AZRU_X must be a number"); process.exit(2);`);
  expect(await service.ended).toBe("refused");
  expect(lines).toEqual(["AZRU_X must be a number"]);
  expect(service.pid).toBeUndefined();
});

it("stops one that has not even started again", async () => {
  const { service, written } = watch("waiting", `console.log("once"); process.exit(1);`, {
    restartMin_ms: 30_000,
  });
  await written(1);
  await service.stop();
  expect(await service.ended).toBe("stopped");
});

it("kills one that does not end when asked to, and says so", async () => {
  const { service, said, written } = watch(
    "deaf",
    `process.on("SIGTERM", () => {}); console.log("up"); setInterval(() => {}, 1e6);`,
    { grace_ms: 50 },
  );
  await written(1);
  await service.stop();
  expect(said).toContain("deaf did not end within 50 ms and was killed");
});
