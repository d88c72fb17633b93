/** The API's description at /docs/json and Swagger UI at /docs, from the schemas, without any CDN. */
import swagger from "@fastify/swagger";
import swaggerUi from "@fastify/swagger-ui";
import type { FastifyInstance } from "fastify";
import { jsonSchemaTransform, jsonSchemaTransformObject } from "fastify-type-provider-zod";
import { currentBodies, type DescribedHome } from "./request-examples.ts";

const description = `Heats a home for less money. What changes state needs the API token where the core can be reached from other machines: \`Authorization: Bearer TOKEN\`, the token of AZRU_API_TOKEN. A core that listens on this machine alone asks for none.

The example bodies are the home's values as they are now: sent unchanged, they change as little as can be.`;

export async function describeApi(
  app: FastifyInstance,
  version: string,
  asksForToken: boolean,
  home: () => DescribedHome,
): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: { title: "Azru", version, description, license: { name: "MIT", identifier: "MIT" } },
      servers: [{ url: "/", description: "the core that serves this description" }],
      // What changes state names the token itself; everything else needs none.
      security: [],
      tags: [
        { name: "home", description: "what the home does and why" },
        { name: "comfort", description: "what the people of the home ask for" },
        { name: "setup", description: "what the home is: answered once, changed at any time" },
        { name: "calibration", description: "what was learnt of the house" },
        { name: "control", description: "who decides" },
        { name: "history", description: "what was stored" },
        { name: "operation", description: "for operators and their machines" },
      ],
      components: {
        securitySchemes: {
          token: { type: "http", scheme: "bearer" },
        },
      },
    },
    transform: jsonSchemaTransform,
    transformObject: (documents) => completed(jsonSchemaTransformObject(documents), asksForToken),
  });
  await app.register(swaggerUi, {
    routePrefix: "/docs",
    uiConfig: { validatorUrl: null, tryItOutEnabled: false, persistAuthorization: true },
    staticCSP: false,
    transformSpecification: (document) => withExamples(document as OpenApiDocument, currentBodies(home())),
  });
}

/** The parts of the document that are completed here. */
interface OpenApiDocument {
  readonly paths?: Record<string, Record<string, Operation> | undefined>;
}

interface Operation {
  operationId?: string;
  security?: readonly unknown[];
  responses?: Record<string, unknown>;
  requestBody?: { readonly content: Record<string, { example?: unknown }> };
}

const tooMany = {
  description: "more requests, wrong tokens or listeners to events than one client may have",
  content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
};

/** JSON Schema of problem details, for answers that no route declares. */
const problemSchema = {
  type: "object",
  description: "problem details, RFC 9457",
  properties: {
    type: { type: "string" },
    title: { type: "string" },
    status: { type: "integer" },
    detail: { type: "string", description: "what to do about it" },
  },
  required: ["type", "title", "status"],
  example: {
    type: "about:blank",
    title: "Bad Request",
    status: 400,
    detail: "body.valve_position must be <= 100, got 130",
  },
};

/** OpenAPI's requirement that every request meets. */
const nothing = {};

/** Gives each operation an id, the answer that any of them may get, and what it asks for on this core. */
function completed(made: unknown, asksForToken: boolean): Record<string, unknown> {
  const document = portable(made) as OpenApiDocument & {
    components?: { schemas?: Record<string, unknown> };
  };
  document.components = {
    ...document.components,
    schemas: { ...document.components?.schemas, Problem: problemSchema },
  };
  for (const [path, methods] of Object.entries(document.paths ?? {})) {
    for (const [method, operation] of Object.entries(methods ?? {})) {
      operation.operationId ??= operationId(method, path);
      if (operation.security && !asksForToken) operation.security = [nothing];
      operation.responses = { ...withProblems(operation.responses), 429: tooMany };
    }
  }
  return document as Record<string, unknown>;
}

interface Answer {
  readonly content?: Readonly<Record<string, { readonly schema?: { readonly properties?: object } }>>;
}

/** Problem details by the type of content that they are sent with. */
function withProblems(responses: Record<string, unknown> = {}): Record<string, unknown> {
  const entries = Object.entries(responses as Record<string, Answer>).map(([status, answer]) => {
    const json = answer.content?.["application/json"];
    const { properties = {} } = json?.schema ?? {};
    const isProblem = "title" in properties && "detail" in properties;
    return [status, isProblem ? { ...answer, content: { "application/problem+json": json } } : answer];
  });
  return Object.fromEntries(entries);
}

/** `POST /control/valve` is `postControlValve`. */
function operationId(method: string, path: string): string {
  const words = path.split(/[^a-zA-Z0-9]+/).filter(Boolean);
  return [method, ...(words.length === 0 ? ["welcome"] : words)]
    .map((word, i) => (i === 0 ? word : word[0].toUpperCase() + word.slice(1)))
    .join("");
}

/**
 * What other programs can read. Python's and other validators know no `\p{L}`: what such a pattern asks for stands in its
 * description. JSON Schema 2020-12, which OpenAPI 3.1 takes, calls the items of a tuple `prefixItems`.
 */
function portable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(portable);
  if (typeof value !== "object" || value === null) return value;
  const { pattern, ...rest } = value as Record<string, unknown>;
  const isPortable = typeof pattern !== "string" || !pattern.includes("\\p{");
  const kept = isPortable && "pattern" in value ? { ...value } : rest;
  return Object.fromEntries(
    Object.entries(kept).map(([key, one]) => {
      const isTuple = key === "items" && Array.isArray(one);
      return [isTuple ? "prefixItems" : key, portable(one)];
    }),
  );
}

function withExamples<Document extends OpenApiDocument>(
  document: Document,
  bodies: ReadonlyMap<string, unknown>,
): Document {
  for (const [path, methods] of Object.entries(document.paths ?? {})) {
    for (const [method, { requestBody }] of Object.entries(methods ?? {})) {
      const example = bodies.get(`${method} ${path}`);
      const content = requestBody?.content["application/json"];
      if (content && example !== undefined) content.example = example;
    }
  }
  return document;
}
