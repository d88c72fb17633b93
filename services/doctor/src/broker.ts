/** The broker: whether it answers, knows the account, and has a temperature. */
import { type StateResponse, sensorMetricsSchema, topicFilterOf, topics } from "@azru/contracts";
import mqtt, { ErrorWithReasonCode, type MqttClient } from "mqtt";
import { type Finding, ok, problem, reasonOf, warning } from "./finding.ts";

export interface BrokerAccount {
  readonly url: string;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly site: string;
  /** Whether somebody named it: MQTT_URL. */
  readonly isConfigured: boolean;
  /** Whether a core runs: the broker is then taken to be the one that it was started with. */
  readonly isOurs: boolean;
}

export interface BrokerCheck {
  readonly finding: Finding;
  /** Connected and listening to temperatures, to be ended by the caller. */
  readonly client?: MqttClient;
}

const patience_ms = 5_000;
/** CONNACK of MQTT 3.1.1: bad user name or password, not authorised. */
const refusedAccount = new Set([4, 5]);
const refusedSubscription = 128;

export async function checkBroker(account: BrokerAccount): Promise<BrokerCheck> {
  const { url, username, password, site, isConfigured, isOurs } = account;
  const name = new URL(url).host;
  let client: MqttClient;
  try {
    client = await mqtt.connectAsync(
      url,
      {
        clientId: `${site}-doctor-${process.pid}`,
        protocolVersion: 4, // every broker's
        connectTimeout: patience_ms,
        reconnectPeriod: 0,
        ...(username !== undefined && { username }),
        ...(password !== undefined && { password }),
      },
      false,
    );
  } catch (error) {
    return { finding: refusal(error, account, name) };
  }
  client.on("error", () => undefined); // a loss later on shows as silence
  const filter = topicFilterOf(topics.sensorMetrics, site);
  try {
    const [grant] = await within(patience_ms, client.subscribeAsync(filter));
    if (grant?.qos === refusedSubscription) throw new Error("not authorised");
  } catch (error) {
    await client.endAsync(true);
    return {
      finding: problem(
        "broker",
        `${name} does not let ${username ?? "a client without account"} hear ${filter}: ${reasonOf(error)}`,
        "use the account of the core (MQTT_USERNAME, MQTT_PASSWORD), or allow it in mosquitto/acl",
      ),
    };
  }
  const who = username === undefined ? "without an account" : `as ${username}`;
  return {
    client,
    finding: ok(
      "broker",
      `${name} answers ${who}${isConfigured || isOurs ? "" : " (MQTT_URL is not set: pnpm start needs its port for a broker of its own, unless run with --mqtt-port)"}`,
    ),
  };
}

function refusal(error: unknown, { username, isConfigured }: BrokerAccount, name: string): Finding {
  const code = error instanceof ErrorWithReasonCode ? error.code : undefined;
  if (typeof code === "number" && refusedAccount.has(code)) {
    const who = username === undefined ? "a client without account" : `the account ${username}`;
    return problem(
      "broker",
      `${name} refuses ${who}`,
      "set MQTT_USERNAME and MQTT_PASSWORD (or MQTT_PASSWORD_FILE) to an account that it has",
    );
  }
  const isAbsent = (error as NodeJS.ErrnoException).code === "ECONNREFUSED";
  if (!isConfigured && isAbsent) return ok("broker", `none on ${name}: pnpm start brings its own`);
  if (isAbsent)
    return problem("broker", `nothing answers at ${name}`, "start the broker, or correct MQTT_URL");
  return problem(
    "broker",
    `${name} cannot be used: ${reasonOf(error)}`,
    isConfigured ? "correct MQTT_URL" : "stop what holds that port, or name your broker in MQTT_URL",
  );
}

/** @throws Error when the broker does not answer in time */
async function within<T>(limit_ms: number, answer: Promise<T>): Promise<T> {
  const signal = AbortSignal.timeout(limit_ms);
  return Promise.race([
    answer,
    new Promise<never>((_resolve, reject) => {
      signal.addEventListener("abort", () => reject(new Error("no answer")), { once: true });
    }),
  ]);
}

/**
 * Whether a temperature comes within a while, or came to the core lately.
 *
 * @param state of the running core
 */
export async function checkTemperature(
  client: MqttClient,
  state: StateResponse | undefined,
  wait_ms: number,
): Promise<Finding> {
  const fresh = state?.rooms.find(({ status }) => status === "fresh");
  if (fresh)
    return ok(
      "temperature",
      `${fresh.metrics.temperature.toFixed(1)} degrees in ${fresh.room}, ${Math.round(fresh.age_s)} s old`,
    );
  const received = await firstTemperature(client, AbortSignal.timeout(wait_ms));
  if (received.finding) return received.finding;
  const known = state?.rooms.map(({ room, status }) => `${room} is ${status}`).join(", ");
  return warning(
    "temperature",
    `none came within ${Math.round(wait_ms / 1000)} s${received.wrong}${known ? ` (${known})` : ""}`,
    'look after the sensor, its battery and its topic: <site>/sensors/<room>/metrics {"temperature": 19.4}',
  );
}

/** The first temperature that comes before the signal, or what came in its stead. */
function firstTemperature(
  client: MqttClient,
  signal: AbortSignal,
): Promise<{ finding?: Finding; wrong: string }> {
  return new Promise((resolve) => {
    let wrong = "";
    client.on("message", (topic, payload) => {
      const metrics = sensorMetricsSchema.safeParse(jsonOf(payload));
      if (!metrics.success) wrong = `, but something else on ${topic}`;
      else
        resolve({
          wrong,
          finding: ok("temperature", `${metrics.data.temperature.toFixed(1)} degrees on ${topic}`),
        });
    });
    signal.addEventListener("abort", () => resolve({ wrong }), { once: true });
  });
}

function jsonOf(payload: Buffer): unknown {
  try {
    return JSON.parse(payload.toString());
  } catch {
    return undefined; // no temperature, as the schema will say
  }
}
