/** The reference pages and documents, by their path below docs/reference. */
import { stringify } from "yaml";
import { asyncApi } from "./asyncapi.ts";
import { httpPage } from "./http-page.ts";
import { mqttPage } from "./mqtt-page.ts";
import { openApi } from "./openapi.ts";
import { seriesPage } from "./series-page.ts";

/** What is written into docs/reference, from the contracts and the real API. */
export async function referenceFiles(): Promise<ReadonlyMap<string, string>> {
  const api = await openApi();
  return new Map([
    ["asyncapi.yaml", stringify(asyncApi(), { lineWidth: 0, aliasDuplicateObjects: false })],
    ["mqtt.md", mqttPage()],
    ["openapi.json", `${JSON.stringify(api, null, 2)}\n`],
    ["http.md", httpPage(api)],
    ["series.md", seriesPage()],
  ]);
}
