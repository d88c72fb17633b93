import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { configurationPage } from "../../scripts/configuration-page.ts";

test("docs/configuration.md says what the services read (pnpm docs:configuration writes it)", () => {
  const page = readFileSync(new URL("../../docs/configuration.md", import.meta.url), "utf8");
  expect(page).toBe(configurationPage());
});
