/** Whether every service would accept the environment. */
import { type BuildingFile, BuildingFileError } from "@azru/contracts";
import { readBuilding } from "@azru/contracts/building-file";
import { type Config, ConfigError, logVariables, readConfig, type Variables } from "@azru/runtime";
import { type Finding, inEnglish, ok, problem, type Say, warning } from "./finding.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** A service's declaration of its configuration: its `src/config.ts`. */
export interface Declaration {
  readonly service: string;
  readonly variables: Variables;
  /** Faults that no single variable has. @throws ConfigError */
  readonly checkTogether?: (config: never) => void;
}

const services = ["core", "mpc", "sensor-simulator", "valves", "home-assistant", "standalone", "batch"];

/** Loads the declarations as they stand beside this service; nobody imports a service, the doctor reads them. */
export function loadDeclarations(): Promise<Declaration[]> {
  return Promise.all(
    services.map(async (service): Promise<Declaration> => {
      const url = new URL(`../../${service}/src/config.ts`, import.meta.url);
      const module: Omit<Declaration, "service"> = await import(url.href);
      return { ...module, service };
    }),
  );
}

/** One finding for each thing that is wrong, naming those who would refuse to start for it. */
export function checkConfiguration(
  declarations: readonly Declaration[],
  environment: Environment,
  say: Say = inEnglish,
): Finding[] {
  const refusals = new Map<string, string[]>();
  for (const { service, variables, checkTogether } of declarations) {
    for (const complaint of complaintsOf({ ...logVariables, ...variables }, checkTogether, environment)) {
      refusals.set(complaint, [...(refusals.get(complaint) ?? []), service]);
    }
  }
  if (refusals.size === 0) {
    const accepted = "every service accepts the environment";
    return [ok("configuration", say(accepted, "chaque service accepte les variables d'environnement"))];
  }
  return [...refusals].map(([complaint, refusing]) =>
    problem(
      "configuration",
      complaint,
      say(
        `${refusing.join(", ")} will not start until it is corrected; see docs/configuration.md`,
        `à corriger, sans quoi ne démarrent pas : ${refusing.join(", ")} ; voir docs/configuration.md`,
      ),
    ),
  );
}

function complaintsOf(
  variables: Variables,
  checkTogether: Declaration["checkTogether"],
  environment: Environment,
): readonly string[] {
  try {
    const config = readConfig(variables, environment);
    checkTogether?.(config as never);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

/** Variables of Azru's Python prototype, and what stands for them here. */
const ofPrototype: readonly (readonly [RegExp, string, string])[] = [
  [
    /^MQTT_BROKER_(HOST|PORT)$/,
    "set MQTT_URL, such as mqtt://localhost:1883",
    "définir MQTT_URL, par exemple mqtt://localhost:1883",
  ],
  [
    /^SIM_/,
    "the twin has AZRU_SPEED, AZRU_START, AZRU_PACING and others: docs/configuration.md, sensor-simulator",
    "le jumeau a AZRU_SPEED, AZRU_START, AZRU_PACING et d'autres : docs/configuration.md, sensor-simulator",
  ],
  [
    /^T_(MIN|MAX)$/,
    "set the setpoints on the page or by PUT /comfort; comfort.max_c stands in the building file",
    "régler les consignes sur la page ou par PUT /comfort ; comfort.max_c est dans le fichier de bâtiment",
  ],
];

/** A warning for each variable that only the prototype read, so that nobody takes it for set. */
export function checkPrototypeVariables(environment: Environment, say: Say = inEnglish): Finding[] {
  return Object.keys(environment).flatMap((name) =>
    ofPrototype
      .filter(([pattern]) => pattern.test(name))
      .map(([, advice, conseil]) =>
        warning(
          "configuration",
          say(
            `${name} is a variable of the prototype, which nothing reads here`,
            `${name} est une variable du prototype, que rien ne lit ici`,
          ),
          say(advice, conseil),
        ),
      ),
  );
}

/** The configuration as far as it is right: what is wrong counts as not set. */
export function usableConfig(variables: Variables, environment: Environment): Config<Variables> {
  const usable = { ...environment };
  for (const complaint of complaintsOf(variables, undefined, environment)) {
    const name = /^\w+/.exec(complaint)?.[0].replace(/_FILE$/, "") ?? "";
    delete usable[name];
    delete usable[`${name}_FILE`];
  }
  return readConfig(variables, usable);
}

export interface BuildingCheck {
  readonly finding: Finding;
  readonly building?: BuildingFile;
}

/** Reads a building file. @returns a problem that names field and value where it cannot be used; never throws for that */
export async function checkBuilding(file: string, say: Say = inEnglish): Promise<BuildingCheck> {
  try {
    const building = await readBuilding(file);
    const { name, location } = building;
    const message = say(`${name} in ${location.name}, ${file}`, `${name} à ${location.name}, ${file}`);
    return { building, finding: ok("building", message) };
  } catch (error) {
    if (!(error instanceof BuildingFileError)) throw error;
    const correct = say(
      "correct the file, or name another in AZRU_BUILDING; see docs/simulate.md",
      "corriger le fichier, ou en indiquer un autre dans AZRU_BUILDING ; voir docs/fr/batiment.md",
    );
    return { finding: problem("building", error.message, correct) };
  }
}
