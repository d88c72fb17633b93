/** A subscriber to all that a site says, which holds every message to the contracts. */
import {
  describeZodError,
  instanceTopic,
  type ParsedTopic,
  parseTopic,
  type TopicKind,
  type TopicPayload,
  topics,
} from "@azru/contracts";
import mqtt from "mqtt";

type Received = {
  [Kind in TopicKind]: {
    readonly topic: Extract<ParsedTopic, { kind: Kind }>;
    readonly payload: TopicPayload<(typeof topics)[Kind]>;
  };
};

export interface SiteListener {
  /** In the order of arrival. */
  readonly received: { readonly [Kind in TopicKind]: Received[Kind][] };
  /** What no contract knows or allows. */
  readonly invalid: string[];
  /** Resolves with the first message of a kind, of those that came and those to come, that fits. */
  until<Kind extends TopicKind>(
    kind: Kind,
    fits: (message: Received[Kind]) => boolean,
  ): Promise<Received[Kind]>;
  close(): Promise<void>;
}

/** Resolves when the subscription holds. */
export async function listenToSite(url: string, site = "home"): Promise<SiteListener> {
  const kinds = Object.keys(topics) as TopicKind[];
  const received = Object.fromEntries(kinds.map((kind) => [kind, []])) as unknown as SiteListener["received"];
  const invalid: string[] = [];
  const waiting = new Set<() => void>();
  const client = await mqtt.connectAsync(url, { protocolVersion: 4 });
  client.on("message", (name, bytes) => {
    const complaint = take(name, bytes.toString("utf8"));
    if (complaint !== undefined) invalid.push(`${name}: ${complaint}`);
    for (const look of waiting) look();
  });
  await client.subscribeAsync(`${site}/#`, { qos: 1 });

  function take(name: string, text: string): string | undefined {
    const topic = parseTopic(site, name);
    if (!topic && name.startsWith(`${site}/sys/instance/`)) {
      const result = instanceTopic.schema.safeParse(text);
      return result.success ? undefined : describeZodError(result.error, text);
    }
    if (!topic) return "no such topic";
    const { schema, encoding } = topics[topic.kind];
    const input: unknown = encoding === "json" ? JSON.parse(text) : text;
    const result = schema.safeParse(input);
    if (!result.success) return describeZodError(result.error, input);
    (received[topic.kind] as unknown[]).push({ topic, payload: result.data });
    return undefined;
  }

  return {
    received,
    invalid,
    until: (kind, fits) =>
      new Promise((resolve) => {
        let seen = 0;
        const look = () => {
          const messages = received[kind];
          while (seen < messages.length) {
            const message = messages[seen++];
            if (!fits(message)) continue;
            waiting.delete(look);
            return resolve(message);
          }
        };
        waiting.add(look);
        look();
      }),
    close: () => client.endAsync(),
  };
}
