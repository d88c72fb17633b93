import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { claimFolder } from "./folder-claim.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "azru-claim-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

it("lets one have a folder at a time, and the next after it", () => {
  const data = join(folder, "maison d'été");
  const claim = claimFolder(data, 0);
  expect(claim).toBeDefined();
  expect(claimFolder(data, 0)).toBeUndefined();
  claim!.release();
  const next = claimFolder(data, 0);
  expect(next).toBeDefined();
  next!.release();
});

it("is given up by a process that is killed", async () => {
  const module = new URL("./folder-claim.ts", import.meta.url).href;
  const program = `const { claimFolder } = await import(${JSON.stringify(module)});
    globalThis.claim = claimFolder(${JSON.stringify(folder)}, 0);
    process.stdout.write("claimed");
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "--eval", program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout, "data");
  expect(claimFolder(folder, 0)).toBeUndefined();
  child.kill("SIGKILL");
  await once(child, "exit");
  const claim = claimFolder(folder, 0);
  expect(claim).toBeDefined();
  claim!.release();
});

it("claims nothing, and keeps nobody from starting, where no file can be made", () => {
  writeFileSync(join(folder, "file"), "");
  expect(claimFolder(join(folder, "file"), 0)).toBeDefined();
  expect(claimFolder(join(folder, "file"), 0)).toBeDefined();
});
