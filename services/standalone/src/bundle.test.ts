import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { afterAll, beforeAll, expect, it } from "vitest";
import { bundle } from "./bundle.ts";

// Below this package, so that its dependencies are found.
const folder = mkdtempSync(join(fileURLToPath(new URL("..", import.meta.url)), "node_modules", ".bundle-"));
const source = join(folder, "source");
const out = join(folder, "out");

beforeAll(() => {
  mkdirSync(source);
  const files = {
    "main.ts": `
      import { readFileSync } from "node:fs";
      import { Worker } from "node:worker_threads";
      import { isoTimeOf } from "@azru/contracts";
      import { bundlePage } from "@azru/page";
      import { z } from "zod";
      import scenario from "./scenario.json" with { type: "json" };
      interface Answer { readonly zero: string }
      const answer: Answer = { zero: isoTimeOf(z.number().parse(0)) };
      const beside = readFileSync(new URL("./beside.txt", import.meta.url), "utf8");
      const pages = {
        script: new URL("./page.js", import.meta.url),
        style: new URL("./page.css", import.meta.url),
      };
      const { script, style } = bundlePage(pages.script, pages.style);
      const worker = new Worker(new URL("./sum-worker.ts", import.meta.url));
      worker.on("message", (fromThread) => console.log(JSON.stringify({ ...answer, beside, ...scenario, script, style, fromThread })));`,
    "page.js": "document.title = '$& ' + 1;",
    "page.css": "b { color: red; }",
    "sum-worker.ts": `
      import { parentPort } from "node:worker_threads";
      import { isoTimeOf } from "@azru/contracts";
      const minute: number = 60_000;
      parentPort!.postMessage(isoTimeOf(minute));`,
    "beside.txt": "found",
    "scenario.json": `{ "scenario": "cold" }`,
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(source, name), text);
});
afterAll(() => rmSync(folder, { recursive: true }));

it.each([
  { place: "here", packages: /^import .* from "file:.*\/zod\/index\.js"/m },
  { place: "test", packages: /^\/\/ .*node_modules\/zod\/.*schemas\.js$/m },
] as const)(
  "makes programs that plain Node runs $place: packages, files beside the source, JSON and threads are found",
  async ({ place, packages }) => {
    const { main } = await bundle({ main: join(source, "main.ts") }, out, place);
    expect(main).toBe(join(out, "main.mjs"));
    expect(readFileSync(main, "utf8")).toMatch(packages);
    const { stdout } = await execa(process.execPath, ["--no-warnings", main]);
    expect(JSON.parse(stdout)).toEqual({
      zero: "1970-01-01T00:00:00.000Z",
      beside: "found",
      scenario: "cold",
      script: expect.stringContaining('document.title="$& 1"'),
      style: expect.stringContaining("b{color:red}"),
      fromThread: "1970-01-01T00:01:00.000Z",
    });
  },
);

it("makes pages ready, so that no program needs esbuild", async () => {
  const { main } = await bundle({ main: join(source, "main.ts") }, out);
  expect(readFileSync(main, "utf8")).not.toMatch(/node_modules\/esbuild|from "esbuild"/);
});

it("names what it cannot find", async () => {
  const file = join(source, "broken.ts");
  writeFileSync(file, `import { nothing } from "no-such-package"; console.log(nothing);`);
  await expect(bundle({ broken: file }, out)).rejects.toThrow('Could not resolve "no-such-package"');
});
