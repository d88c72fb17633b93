import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));
const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  scripts: Record<string, string>;
};
const programs = Object.entries(scripts).flatMap(([name, script]) => {
  const [, program] = /^node .*?(\S+\.ts)$/.exec(script) ?? [];
  return program === undefined ? [] : [{ name, program }];
});

/** What a folder's programs say of themselves. */
function sourcesIn(folder: string): string {
  const files = readdirSync(folder).filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"));
  return files.map((file) => readFileSync(join(folder, file), "utf8")).join("\n");
}

test("every script that is a program of ours has a help text under its own name", () => {
  expect(programs.length).toBeGreaterThan(30);
  const without = programs.filter(({ name, program }) => {
    const help = new RegExp(
      `createCommand\\(\\s*"(run )?${name}"|Usage: pnpm ${name}\\b|\\bname(:| =) "${name}"`,
    );
    return !help.test(sourcesIn(dirname(join(root, program))));
  });
  expect(without.map(({ name }) => name)).toEqual([]);
});

test("no script passes its options to the last of several programs alone", () => {
  const several = Object.entries(scripts).filter(([, script]) => /\.ts\b.*&&|&&.*\.ts\b/.test(script));
  expect(several.map(([name]) => name)).toEqual([]);
});

test("a developer's program prints its help, and refuses an option that it does not have", () => {
  const run = (option: string) =>
    spawnSync(process.execPath, ["--import", "tsx", "packages/control/bench/decisions.ts", option], {
      cwd: root,
      encoding: "utf8",
    });
  const help = run("--help");
  expect(help.status, help.stderr).toBe(0);
  expect(help.stdout).toMatch(/^Usage: npx -y pnpm@12 bench:decisions \[options\]/);
  const refused = run("--dayz");
  expect(refused.status).toBe(2);
  expect(refused.stderr).toMatch(/^[^\n]*unknown option '--dayz'[^\n]*\n$/);
});
