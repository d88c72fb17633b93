/** Writes the French dashboard from the English one and grafana/french.json: `pnpm grafana:french`. */
import { readFileSync, writeFileSync } from "node:fs";
import { inFrench, untranslated } from "./grafana/french.ts";

const folder = new URL("../grafana/", import.meta.url);
const read = (name: string) => JSON.parse(readFileSync(new URL(name, folder), "utf8"));
const english = read("dashboards/azru-live.json");
const texts = read("french.json");

writeFileSync(
  new URL("dashboards/azru-live-fr.json", folder),
  `${JSON.stringify(inFrench(english, texts), null, 2)}\n`,
);
for (const text of untranslated(english, texts)) console.error(`grafana/french.json lacks: ${text}`);
