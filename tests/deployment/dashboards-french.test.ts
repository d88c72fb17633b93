import { describe, expect, test } from "vitest";
import { inFrench, untranslated } from "../../scripts/grafana/french.ts";
import { textOf } from "./repository.ts";

const read = (name: string) => JSON.parse(textOf(`grafana/${name}`));
const texts: Record<string, string> = read("french.json");

describe.each(["azru-live", "azru-batch"])("%s", (name) => {
  const english = read(`dashboards/${name}.json`);

  test("in French is the English one with French texts: pnpm grafana:french writes it", () => {
    expect(read(`dashboards/${name}-fr.json`)).toEqual(inFrench(english, texts));
  });

  test("has its French for every text, names of curves and columns included", () => {
    expect(untranslated(english, texts)).toEqual([]);
  });

  test("leads to French dashboards, and back to the English one", () => {
    const urls = (file: string) =>
      JSON.stringify(read(`dashboards/${file}.json`)).match(/\/d\/[\w-]+/g) ?? [];
    expect(urls(name)).toContain(`/d/${name}-fr`);
    expect(urls(`${name}-fr`)).toContain(`/d/${name}`);
    expect(urls(`${name}-fr`).filter((url) => !url.endsWith("-fr"))).toEqual([`/d/${name}`]);
  });
});

test("French texts set signs apart by a narrow space", () => {
  expect(Object.values(texts).filter((text) => /[ \u00a0][:;?!](\s|$)/.test(text))).toEqual([]);
});
