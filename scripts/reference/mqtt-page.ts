/** docs/reference/mqtt.md */
import { defaultSite, type Topic } from "@azru/contracts";
import { readAcl } from "./acl.ts";
import { payloadSchema } from "./asyncapi.ts";
import { fieldTable, valueText } from "./fields.ts";
import { allTopics, usualLevelsOf } from "./topics.ts";

const offline = {
  drop: "dropped while the broker is away",
  latest: "the latest is sent when the broker is back",
} as const;

/** Every topic, for people. */
export function mqttPage(): string {
  const accountsOf = readAcl();
  const section = (topic: Topic) => {
    const { writes, reads } = accountsOf(topic);
    const schema = payloadSchema(topic);
    const fields = fieldTable(schema);
    const delivery = [
      `QoS ${topic.qos}`,
      topic.retain ? "retained" : "not retained",
      ...(topic.kind === "status" ? ["`offline` is each service's last will"] : []),
      topic.encoding === "json" ? "JSON" : "plain text",
      offline[topic.offline],
    ];
    return [
      `## ${nameOf(topic)}`,
      ...(schema.description === undefined ? [] : [`${sentence(schema.description)}.`]),
      `Published by ${list(writes)}; received by ${list(reads)}. ${sentence(delivery.join(", "))}.`,
      fields === "" ? `Payload: ${valueText(schema)}.` : fields,
    ].join("\n\n");
  };
  return `${[
    "# MQTT topics",
    "Written by `pnpm docs:reference` from `packages/contracts` and `mosquitto/acl`; do not edit. For programs the same is in [asyncapi.yaml](asyncapi.yaml), AsyncAPI 3.0.",
    `\`${defaultSite}\` is the default of \`AZRU_SITE\`. Who may publish and receive what is set by the accounts in the broker's rules; \`devices\` are sensors and valves of your own. Times are ISO 8601 with an offset, \`2026-02-01T06:00:00Z\`. A message that does not validate is counted, logged and dropped. Of measurements and valve commands a bad field that is not needed is left out, counted and logged, and the rest is used; numbers may come as text (\`"20.5"\`), and a time without an offset is Europe/Paris.`,
    ...allTopics.map(section),
  ].join("\n\n")}\n`;
}

function nameOf(topic: Topic): string {
  const levels = usualLevelsOf(topic).map((level) => level.replace(/^:(.*)$/, "<$1>"));
  return `\`${levels.join("/")}\``;
}

function list(accounts: readonly string[]): string {
  return accounts.length === 0 ? "nobody" : accounts.map((account) => `\`${account}\``).join(", ");
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
