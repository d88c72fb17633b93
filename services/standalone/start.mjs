/**
 * `pnpm start`: a process that ends makes the programs of plain JavaScript, then this one runs them. So neither compiler
 * nor bundler stays in memory beside the services.
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const make = fileURLToPath(new URL("./src/make.ts", import.meta.url));
const args = ["--import", import.meta.resolve("tsx"), make, ...process.argv.slice(2)];
const { status, output } = spawnSync(process.execPath, args, {
  stdio: ["ignore", "inherit", "inherit", "pipe"],
  encoding: "utf8",
});
const folder = output?.[3];
if (folder) {
  process.env.AZRU_PROGRAMS = folder;
  await import(pathToFileURL(join(folder, "standalone-main.mjs")).href);
} else process.exitCode = status ?? 1;
