import { readFileSync } from "node:fs";
import { documentVariables, exampleEnv, logVariables, type Variables } from "@azru/runtime";
import { variables as batch } from "../services/batch/src/config.ts";
import { variables as calibrate } from "../services/calibrate/src/config.ts";
import { variables as core } from "../services/core/src/config.ts";
import { variables as homeAssistant } from "../services/home-assistant/src/config.ts";
import { variables as mpc } from "../services/mpc/src/config.ts";
import { variables as simulator } from "../services/sensor-simulator/src/config.ts";
import { variables as valves } from "../services/valves/src/config.ts";

/** Every program and what it reads. */
const programs: readonly (readonly [title: string, Variables])[] = [
  ["Every service", logVariables],
  ["core", core],
  ["mpc", mpc],
  ["sensor-simulator", simulator],
  ["valves", valves],
  ["home-assistant", homeAssistant],
  ["pnpm simulate", batch],
  ["pnpm calibrate", calibrate],
];

/** Every environment variable, by the process that reads it. */
export function configurationPage(): string {
  return [
    "# Configuration",
    "Written by `pnpm docs:configuration` from the declarations in `services/*/src/config.ts`; do not edit.",
    "Every process is configured by its environment and says in one line each what is wrong with it. A secret `X` may instead be read from the file that `X_FILE` names; secrets have no default and never reach a log. `.env.example` has them all to copy from.",
    ...programs.map(([title, variables]) => `## ${title}\n\n${documentVariables(variables)}`),
  ].join("\n\n");
}

/** `.env.example`: every environment variable once, commented out, and those of docker-compose.yml alone. */
export function exampleEnvFile(): string {
  const known = new Set<string>();
  const sections = programs.map(([title, variables]) => {
    const fresh = Object.entries(variables).filter(([, { env }]) => !known.has(env));
    for (const [, { env }] of fresh) known.add(env);
    return fresh.length === 0 ? [] : [`## ${title}\n\n${exampleEnv(Object.fromEntries(fresh))}`];
  });
  const compose = readFileSync(new URL("../docker-compose.yml", import.meta.url), "utf8");
  const defaults = new Map(
    [...compose.matchAll(/\$\{(\w+):-([^}]*)\}/g)].map(([, name, value]) => [name, value]),
  );
  const ofComposeAlone = [...defaults].filter(([name]) => !known.has(name)).sort();
  return [
    "# Written by `pnpm docs:configuration`; do not edit. Copy it to .env and uncomment what you change.",
    "# docker compose reads .env and passes on what docker-compose.yml names. Elsewhere: set -a; . ./.env; set +a",
    "",
    sections.flat().join("\n"),
    "## docker compose alone (docs/raspberry-pi.md, Settings)\n",
    ...ofComposeAlone.map(([name, value]) => `# ${name}=${value}`),
    "",
  ].join("\n");
}
