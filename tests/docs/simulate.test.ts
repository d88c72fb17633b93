import { readFileSync } from "node:fs";
import { comfortSettingsSchema } from "@azru/contracts";
import { expect, test } from "vitest";

const page = readFileSync(new URL("../../docs/simulate.md", import.meta.url), "utf8");

test("the schedule that docs/simulate.md shows is one", () => {
  const [, shown] = /```json\n(.*?)```/s.exec(page) ?? [];
  expect(comfortSettingsSchema.parse(JSON.parse(shown)).presets_c.comfort).toBe(19.5);
});
