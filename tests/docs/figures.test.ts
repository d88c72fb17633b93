import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { measurements } from "../../scripts/figures/measurements.ts";
import { chartFiles, withFigures } from "../../scripts/figures/page.ts";

const committed = (name: string) => readFileSync(new URL(`../../docs/${name}`, import.meta.url), "utf8");
const measured = measurements();

test.each([...chartFiles(measured)])(
  "docs/figures/%s is drawn from what was measured (pnpm docs:figures draws it)",
  (name, svg) => {
    expect(committed(`figures/${name}`)).toBe(svg);
  },
);

test("the tables of docs/controller.md hold what was measured (pnpm docs:figures fills them)", () => {
  const page = committed("controller.md");
  expect(withFigures(page, measured)).toBe(page);
  expect(page).not.toContain("not measured");
});

test("a page that lacks a table, or asks for one that is not there, is refused", () => {
  const page = committed("controller.md");
  expect(() => withFigures(page.replace("<!-- figures: shares -->", ""), measured)).toThrow(
    "the page has no <!-- figures: shares -->",
  );
  expect(() => withFigures(page.replace("figures: shares -->", "figures: nothing -->"), measured)).toThrow(
    "nothing",
  );
});
