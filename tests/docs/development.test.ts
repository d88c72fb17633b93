import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const page = readFileSync(new URL("../../docs/development.md", import.meta.url), "utf8");
const [, walk] = /^## From a measurement to the valve\n(.*?)^## /ms.exec(page)!;

test("the walk from a measurement to the valve has at most eight stops, and each file that it names exists", () => {
  expect(walk.match(/^\d+\. /gm)?.length).toBeLessThanOrEqual(8);
  const files = [...walk.matchAll(/`([\w/-]+\.ts)`/g)].map(([, file]) => file);
  expect(files.length).toBeGreaterThan(20);
  const missing = files.filter(
    (file) => !existsSync(new URL(`../../services/core/src/${file}`, import.meta.url)),
  );
  expect(missing).toEqual([]);
});
