import { expect, test } from "vitest";
import en from "./names/en.json" with { type: "json" };
import fr from "./names/fr.json" with { type: "json" };

test("each entity that has a name in one language has one in the other", () => {
  expect(Object.keys(fr)).toEqual(Object.keys(en));
});
