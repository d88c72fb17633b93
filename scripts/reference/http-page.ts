/** docs/reference/http.md */
import { STATUS_CODES } from "node:http";
import { serverEvents } from "@azru/contracts";
import { z } from "zod";
import { cell, fieldTable, type JsonSchema, valueText } from "./fields.ts";
import type { OpenApi, Operation } from "./openapi.ts";

/** Every endpoint, for people. */
export function httpPage(api: OpenApi): string {
  const answers: Answers = new Map();
  const operations = Object.entries(api.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method, path, operation })),
  );
  const parts = (api.tags ?? []).flatMap(({ name, description }) => [
    `## ${name}`,
    ...(description === undefined ? [] : [`${sentence(description)}.`]),
    ...operations
      .filter(({ operation }) => operation.tags?.[0] === name)
      .map(({ method, path, operation }) => endpoint(method, path, operation, answers)),
  ]);
  return `${[
    "# HTTP API",
    "Written by `pnpm docs:reference` from the running API's own description; do not edit. A core shows the same at `/docs`, to read and to try, and at `/docs/json` for programs; [openapi.json](openapi.json), OpenAPI 3.1, is its copy.",
    ...(api.info.description === undefined ? [] : [api.info.description]),
    "Bodies and answers are JSON. Times are ISO 8601 with an offset. An error is answered as problem details (RFC 9457), whose `detail` says what to do.",
    ...parts,
    events(),
  ].join("\n\n")}\n`;
}

/** Tables of answers that stand on the page already, and under which endpoint. */
type Answers = Map<string, string>;

function endpoint(method: string, path: string, operation: Operation, answers: Answers): string {
  const name = `\`${method.toUpperCase()} ${path}\``;
  const { summary, description, security, parameters, requestBody, responses } = operation;
  const body = requestBody?.content["application/json"]?.schema;
  return [
    `### ${name}`,
    ...(summary === undefined ? [] : [`${sentence(summary)}.`]),
    ...(description === undefined ? [] : [description]),
    ...(security === undefined ? [] : ["Needs the API token where the core has one."]),
    ...(parameters === undefined ? [] : [parameterTable(parameters)]),
    ...(body === undefined ? [] : ["Body:", fieldTable(body) || `${sentence(valueText(body))}.`]),
    ...Object.entries(responses).flatMap(([status, { content }]) => answer(status, content, name, answers)),
  ].join("\n\n");
}

function parameterTable(parameters: NonNullable<Operation["parameters"]>): string {
  const rows = parameters.map(
    ({ name, required, description, schema }) =>
      `| \`${name}\` | ${valueText(schema)}${required ? "" : ", optional"} | ${cell(description ?? "")} |`,
  );
  return ["| parameter | value | meaning |", "|---|---|---|", ...rows].join("\n");
}

/** Errors all look alike; only other answers are described field by field. */
function answer(
  status: string,
  content: Operation["responses"][string]["content"],
  endpointName: string,
  answers: Answers,
): string[] {
  const title = `**${status}** ${STATUS_CODES[status] ?? ""}`.trim();
  const [type, { schema } = {}] = Object.entries(content ?? {})[0] ?? [];
  if (status >= "400" && schema?.properties?.title) return [`${title}: problem details.`];
  if (schema === undefined) return [`${title}.`];
  const table = fieldTable(schema);
  if (table !== "") {
    const known = answers.get(table);
    if (known !== undefined) return [`${title}: as ${known} answers.`];
    answers.set(table, endpointName);
    return [`${title}:`, table];
  }
  return [`${title}: ${type === "application/json" ? valueText(schema) : `\`${type}\``}.`];
}

function events(): string {
  return [
    "## Events",
    "`GET /events` sends these as server-sent events, each with JSON data.",
    ...Object.entries(serverEvents).map(([name, schema]) => {
      const fields = z.toJSONSchema(schema, { target: "draft-7", io: "output" }) as JsonSchema;
      const names = Object.keys(fields.properties ?? {}).map((field) => `\`${field}\``);
      return `- \`${name}\`: ${names.join(", ")}`;
    }),
  ].join("\n\n");
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
