/** The broker: whether it answers, knows the account, and has a temperature. */
import { type StateResponse, sensorMetricsSchema, topicFilterOf, topics } from "@azru/contracts";
import mqtt, { ErrorWithReasonCode, type MqttClient } from "mqtt";
import { type Finding, inEnglish, ok, problem, reasonOf, type Say, warning } from "./finding.ts";

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

export async function checkBroker(account: BrokerAccount, say: Say = inEnglish): Promise<BrokerCheck> {
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
    return { finding: refusal(error, account, name, say) };
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
        say(
          `${name} does not let ${username ?? "a client without account"} hear ${filter}: ${reasonOf(error)}`,
          `${name} ne laisse pas ${username ?? "un client sans compte"} écouter ${filter} : ${reasonOf(error)}`,
        ),
        say(
          "use the account of the core (MQTT_USERNAME, MQTT_PASSWORD), or allow it in mosquitto/acl",
          "prendre le compte du service core (MQTT_USERNAME, MQTT_PASSWORD), ou l'autoriser dans mosquitto/acl",
        ),
      ),
    };
  }
  const who =
    username === undefined
      ? say("without an account", "sans compte")
      : say(`as ${username}`, `au compte ${username}`);
  const isInTheWay = !isConfigured && !isOurs;
  const note = say(
    " (MQTT_URL is not set: pnpm start needs its port for a broker of its own, unless run with --mqtt-port)",
    " (MQTT_URL n'est pas définie : pnpm start a besoin de ce port pour son propre courtier, sauf avec --mqtt-port)",
  );
  const answers = say(`${name} answers ${who}`, `${name} répond ${who}`);
  return { client, finding: ok("broker", `${answers}${isInTheWay ? note : ""}`) };
}

function refusal(error: unknown, { username, isConfigured }: BrokerAccount, name: string, say: Say): Finding {
  const code = error instanceof ErrorWithReasonCode ? error.code : undefined;
  if (typeof code === "number" && refusedAccount.has(code)) {
    const who =
      username === undefined
        ? say("a client without account", "un client sans compte")
        : say(`the account ${username}`, `le compte ${username}`);
    return problem(
      "broker",
      say(`${name} refuses ${who}`, `${name} refuse ${who}`),
      say(
        "set MQTT_USERNAME and MQTT_PASSWORD (or MQTT_PASSWORD_FILE) to an account that it has",
        "donner à MQTT_USERNAME et MQTT_PASSWORD (ou MQTT_PASSWORD_FILE) un compte qu'il connaît",
      ),
    );
  }
  const isAbsent = (error as NodeJS.ErrnoException).code === "ECONNREFUSED";
  if (!isConfigured && isAbsent)
    return ok(
      "broker",
      say(`none on ${name}: pnpm start brings its own`, `aucun sur ${name} : pnpm start apporte le sien`),
    );
  if (isAbsent)
    return problem(
      "broker",
      say(`nothing answers at ${name}`, `rien ne répond à ${name}`),
      say("start the broker, or correct MQTT_URL", "démarrer le courtier, ou corriger MQTT_URL"),
    );
  return problem(
    "broker",
    say(`${name} cannot be used: ${reasonOf(error)}`, `${name} est inutilisable : ${reasonOf(error)}`),
    isConfigured
      ? say("correct MQTT_URL", "corriger MQTT_URL")
      : say(
          "stop what holds that port, or name your broker in MQTT_URL",
          "arrêter ce qui occupe ce port, ou indiquer votre courtier dans MQTT_URL",
        ),
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
  say: Say = inEnglish,
): Promise<Finding> {
  const fresh = state?.rooms.find(({ status }) => status === "fresh");
  if (fresh) {
    const { room, metrics, age_s } = fresh;
    return ok(
      "temperature",
      say(
        `${metrics.temperature.toFixed(1)} degrees in ${room}, ${Math.round(age_s)} s old`,
        `${french(metrics.temperature)} degrés dans ${room}, il y a ${Math.round(age_s)} s`,
      ),
    );
  }
  const received = await firstTemperature(client, AbortSignal.timeout(wait_ms), say);
  if (received.finding) return received.finding;
  const known = state?.rooms
    .map(({ room, status }) => say(`${room} is ${status}`, `${room} : ${status}`))
    .join(", ");
  const came = say(
    `none came within ${Math.round(wait_ms / 1000)} s`,
    `aucune n'est venue en ${Math.round(wait_ms / 1000)} s`,
  );
  return warning(
    "temperature",
    `${came}${received.wrong}${known ? ` (${known})` : ""}`,
    say(
      'look after the sensor, its battery and its topic: <site>/sensors/<room>/metrics {"temperature": 19.4}',
      'vérifier le capteur, sa pile et son sujet : <site>/sensors/<room>/metrics {"temperature": 19.4}',
    ),
  );
}

/** The first temperature that comes before the signal, or what came in its stead. */
function firstTemperature(
  client: MqttClient,
  signal: AbortSignal,
  say: Say,
): Promise<{ finding?: Finding; wrong: string }> {
  return new Promise((resolve) => {
    let wrong = "";
    client.on("message", (topic, payload) => {
      const metrics = sensorMetricsSchema.safeParse(jsonOf(payload));
      if (!metrics.success)
        wrong = say(`, but something else on ${topic}`, `, mais autre chose sur ${topic}`);
      else
        resolve({
          wrong,
          finding: ok(
            "temperature",
            say(
              `${metrics.data.temperature.toFixed(1)} degrees on ${topic}`,
              `${french(metrics.data.temperature)} degrés sur ${topic}`,
            ),
          ),
        });
    });
    signal.addEventListener("abort", () => resolve({ wrong }), { once: true });
  });
}

function french(temperature_c: number): string {
  return temperature_c.toFixed(1).replace(".", ",");
}

function jsonOf(payload: Buffer): unknown {
  try {
    return JSON.parse(payload.toString());
  } catch {
    return undefined; // no temperature, as the schema will say
  }
}
