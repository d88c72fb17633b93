import { readdirSync, readFileSync } from "node:fs";
import { setupTexts } from "@azru/setup";
import { expect, test } from "vitest";
import { texts, textsOf } from "./texts.ts";

/** French sets : ; ? ! apart by a narrow space that does not break. */
const wrongSpace = /[ \u00a0][:;?!](?=\s|$)/;

function stringsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(stringsIn) : [];
}

function keysOf(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  return Object.entries(value).map(([key, inner]) => [key, keysOf(inner)]);
}

test.each([
  ["the page", texts.fr],
  ["the page of a home without a valve", textsOf("fr", "heating")],
  ["set-up", setupTexts.fr],
])("French of %s sets signs apart by a narrow space", (_, french) => {
  const strings = stringsIn(french);
  expect(strings.length).toBeGreaterThan(20);
  expect(strings.filter((text) => wrongSpace.test(text))).toEqual([]);
});

test("so does French within code", () => {
  const folder = new URL("./", import.meta.url);
  const sources = readdirSync(folder).filter((file) => /^[a-z-]+\.ts$/.test(file));
  expect(sources.length).toBeGreaterThan(10);
  const wrong = sources.filter((file) =>
    /\\u00a0[:;?!]|[a-zé’}] [;?!]["`]/.test(readFileSync(new URL(file, folder), "utf8")),
  );
  expect(wrong).toEqual([]);
});

test.each([
  ["the page", texts],
  ["set-up", setupTexts],
])("%s says as much in one language as in the other", (_, { en, fr }) => {
  expect(keysOf(fr)).toEqual(keysOf(en));
});
