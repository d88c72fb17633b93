/** Lays out the add-on for Home Assistant OS: `pnpm addon FOLDER`. The folder goes into /addons of Home Assistant. */
import { execFileSync } from "node:child_process";
import { copyFileSync, cpSync, existsSync, mkdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));
const sources = [
  "packages",
  "services",
  "examples",
  "package.json",
  "pnpm-lock.yaml",
  "pnpm-workspace.yaml",
  "tsconfig.json",
  "tsconfig.base.json",
  "LICENSE",
];

const [target] = process.argv.slice(2);
if (target === undefined || target.startsWith("-") || existsSync(target)) {
  console.error("Usage: pnpm addon FOLDER    a folder that does not exist yet, such as azru");
  process.exitCode = target === "--help" ? 0 : 2;
} else {
  const folder = resolve(target);
  const listed = execFileSync("git", ["ls-files", "-z", ...sources], { cwd: root, encoding: "utf8" });
  const files = listed.split("\0").filter((file) => file !== "" && !/\.test\.ts$|\/bench\//.test(file));
  for (const file of files) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    copyFileSync(join(root, file), join(folder, file));
  }
  cpSync(join(root, "addon"), folder, { recursive: true });
  console.log(
    `${folder}: copy it to the share "addons" of Home Assistant (add-on Samba share), then Settings, Add-ons, Add-on store, Check for updates, Azru`,
  );
}
