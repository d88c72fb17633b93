/** The HTTP API's own description. */
import { readFileSync } from "node:fs";
import { brokers } from "@azru/messaging/testing";
import { createApp } from "../../services/core/src/app.ts";
import { describedIn } from "../../services/core/src/testing/described-home.ts";
import { silent, startTestHome } from "../../services/core/src/testing/test-home.ts";
import type { JsonSchema } from "./fields.ts";

interface Content {
  readonly [type: string]: { readonly schema?: JsonSchema };
}

export interface Operation {
  readonly summary?: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly security?: readonly unknown[];
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
    readonly description?: string;
    readonly schema: JsonSchema;
  }[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>;
}

/** The parts of an OpenAPI document that the page shows. */
export interface OpenApi {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string; readonly description?: string };
  readonly tags?: readonly { readonly name: string; readonly description?: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

/** What `GET /docs/json` of a running core answers. */
export async function openApi(): Promise<OpenApi> {
  const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  const home = await startTestHome(brokers[0]);
  try {
    const { core, registry } = await home.core();
    const app = await createApp({
      core,
      registry,
      version,
      token: "as on a core that other machines reach",
      setup: describedIn(home.folder),
      log: silent,
    });
    const answer = await app.inject("/docs/json");
    await app.close();
    return answer.json<OpenApi>();
  } finally {
    await home.stop();
  }
}
