/** The MQTT topics as an AsyncAPI 3.0 document. */
import { readFileSync } from "node:fs";
import { defaultSite, type Topic, topics } from "@azru/contracts";
import { z } from "zod";
import { readAcl } from "./acl.ts";
import type { JsonSchema } from "./fields.ts";
import { allTopics, levelsOf, parameters } from "./topics.ts";

export interface AsyncApi {
  readonly asyncapi: "3.0.0";
  readonly [part: string]: unknown;
}

/** The account whose view the document takes. */
const application = "core";

/** What a topic's messages look like, as their sender must form them. */
export function payloadSchema(topic: Topic): JsonSchema {
  const { schema } = topic;
  // What is tidied up before it is checked is documented by the check.
  const checked = schema instanceof z.ZodPipe && schema.in instanceof z.ZodTransform ? schema.out : schema;
  const { $schema: _, ...jsonSchema } = z.toJSONSchema(checked as z.ZodType, {
    target: "draft-7",
    io: "input",
  });
  const description = schema.description;
  return { ...(description !== undefined && { description }), ...(jsonSchema as JsonSchema) };
}

/** The document, from the core's point of view: what it sends and receives. */
export function asyncApi(): AsyncApi {
  const accountsOf = readAcl();
  const version = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")).version;
  const ref = (path: string) => ({ $ref: `#/${path}` });
  return {
    asyncapi: "3.0.0",
    info: {
      title: "Azru over MQTT",
      version,
      description:
        "The topics of a home, from the core's point of view: `send` is what the core publishes, `receive` what it subscribes to. Written by `pnpm docs:reference` from packages/contracts and mosquitto/acl; do not edit.",
      license: { name: "MIT" },
    },
    defaultContentType: "application/json",
    servers: {
      broker: {
        host: "localhost:1883",
        protocol: "mqtt",
        description: "Mosquitto, or the broker in `pnpm start`; 8883 with TLS",
        bindings: {
          mqtt: {
            clientId: `${defaultSite}-core`,
            lastWill: {
              topic: `${defaultSite}/${topics.status.path.replace(":service", "core")}`,
              qos: topics.status.qos,
              retain: topics.status.retain,
              message: "offline",
            },
            bindingVersion: "0.2.0",
          },
        },
      },
    },
    channels: Object.fromEntries(
      allTopics.map((topic) => [
        topic.kind,
        {
          address: levelsOf(topic)
            .map((level) => level.replace(/^:(.*)$/, "{$1}"))
            .join("/"),
          parameters: Object.fromEntries(
            parameterNames(topic).map((name) => [name, parameters[name] ?? { description: name }]),
          ),
          messages: { [topic.kind]: ref(`components/messages/${topic.kind}`) },
        },
      ]),
    ),
    operations: Object.fromEntries(
      allTopics.flatMap((topic) => {
        const { writes, reads } = accountsOf(topic);
        const operation = (action: "send" | "receive", binding: object) => [
          `${action}_${topic.kind}`,
          {
            action,
            channel: ref(`channels/${topic.kind}`),
            messages: [ref(`channels/${topic.kind}/messages/${topic.kind}`)],
            bindings: { mqtt: { ...binding, bindingVersion: "0.2.0" } },
          },
        ];
        return [
          ...(writes.includes(application)
            ? [operation("send", { qos: topic.qos, retain: topic.retain })]
            : []),
          ...(reads.includes(application) ? [operation("receive", { qos: topic.qos })] : []),
        ];
      }),
    ),
    components: {
      messages: Object.fromEntries(
        allTopics.map((topic) => [
          topic.kind,
          {
            name: topic.kind,
            contentType: topic.encoding === "json" ? "application/json" : "text/plain",
            payload: payloadSchema(topic),
          },
        ]),
      ),
    },
  };
}

function parameterNames(topic: Topic): string[] {
  return levelsOf(topic)
    .filter((level) => level.startsWith(":"))
    .map((level) => level.slice(1));
}
