import { expect, test } from "vitest";
import { inFrench, untranslated } from "../../scripts/grafana/french.ts";
import { textOf } from "./repository.ts";

const read = (name: string) => JSON.parse(textOf(`grafana/${name}`));
const english = read("dashboards/azru-live.json");
const texts = read("french.json");

test("the French dashboard is the English one with French texts: pnpm grafana:french writes it", () => {
  expect(read("dashboards/azru-live-fr.json")).toEqual(inFrench(english, texts));
});

test("every text of the home's dashboard has its French", () => {
  expect(untranslated(english, texts)).toEqual([]);
});
