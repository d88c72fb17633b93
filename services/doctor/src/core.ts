/** The core, where one is running. */
import { once } from "node:events";
import { createServer } from "node:net";
import {
  healthResponseSchema,
  readyResponseSchema,
  type StateResponse,
  stateResponseSchema,
} from "@azru/contracts";
import { httpClient } from "@azru/http";
import type { z } from "zod";
import { type Finding, inEnglish, ok, problem, reasonOf, type Say, warning } from "./finding.ts";

export interface Address {
  readonly host: string;
  readonly port: number;
}

const patience_ms = 5_000;
/** Whatever listens there may be no core: once, and not for ever. */
const get = httpClient({ timeoutMs: patience_ms, deadlineMs: patience_ms, retries: 0 });

/** What an address of the core's API answers, if that is what it must be. @throws Error */
async function ask<T>({ host, port }: Address, path: string, schema: z.ZodType<T>): Promise<T> {
  // Who listens on every address answers on this one.
  const name = host === "0.0.0.0" ? "127.0.0.1" : host === "::" ? "::1" : host;
  const url = `http://${name.includes(":") ? `[${name}]` : name}:${port}${path}`;
  const { text } = await get(new URL(url));
  return schema.parse(JSON.parse(text));
}

/** Whether a core listens there. */
export async function isCoreRunning(address: Address): Promise<boolean> {
  try {
    await ask(address, "/health", healthResponseSchema);
    return true;
  } catch {
    return false; // whatever answers there, or does not, is no core
  }
}

/** Whether the API's port is free, or Azru has it. */
export async function checkPort(address: Address, say: Say = inEnglish): Promise<Finding> {
  const { host, port } = address;
  const other = say("set AZRU_HTTP_PORT to another port", "choisir un autre port avec AZRU_HTTP_PORT");
  const server = createServer();
  try {
    server.listen(port, host);
    await once(server, "listening");
    return ok("port", say(`${port} is free for the API`, `${port} est libre pour l'API`));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EADDRINUSE") {
      if (await isCoreRunning(address))
        return ok(
          "port",
          say(`${port} is held by a running Azru`, `${port} est occupé par Azru, qui fonctionne`),
        );
      return problem(
        "port",
        say(`${port} is taken by another program`, `${port} est occupé par un autre programme`),
        say(`stop it, or ${other}`, `l'arrêter, ou ${other}`),
      );
    }
    if (code === "EACCES")
      return problem(
        "port",
        say(
          `${port} needs more rights than this user has`,
          `${port} demande plus de droits que n'en a cet utilisateur`,
        ),
        other,
      );
    return problem(
      "port",
      say(`${host} cannot be listened on (${code})`, `impossible d'écouter sur ${host} (${code})`),
      say(
        "set AZRU_HTTP_HOST to an address of this machine",
        "donner à AZRU_HTTP_HOST une adresse de cette machine",
      ),
    );
  } finally {
    server.close();
  }
}

/** What a running core says of itself. */
export async function checkReady(address: Address, say: Say = inEnglish): Promise<Finding[]> {
  let ready: z.infer<typeof readyResponseSchema>;
  try {
    ready = await ask(address, "/ready", readyResponseSchema);
  } catch (error) {
    return [
      problem(
        "core",
        say(`does not say how it is: ${reasonOf(error)}`, `ne dit pas comment elle va : ${reasonOf(error)}`),
        say("restart Azru and look at its log", "redémarrer Azru et lire son journal"),
      ),
    ];
  }
  const ailing = Object.entries(ready.dependencies).filter(([, { status }]) => status !== "up");
  const details = ailing.map(([name, { detail = "down" }]) => `${name}: ${detail}`).join("; ");
  if (ready.status === "ready")
    return [
      ok(
        "core",
        say(
          "ready: the home is heated, nothing is missing",
          "prête : la maison est chauffée, rien ne manque",
        ),
      ),
    ];
  if (ready.status === "degraded")
    return [
      warning(
        "core",
        say(
          `heats the home with substitutes (${details})`,
          `chauffe la maison avec des remplacements (${details})`,
        ),
        say(
          "it goes on by itself when they are back; GET /state says since when",
          "rien à faire : tout reprend seul ; GET /state dit depuis quand",
        ),
      ),
    ];
  return [
    problem(
      "core",
      say(
        `does not heat the home (${details || "no decision yet"})`,
        `ne chauffe pas la maison (${details || "pas encore de décision"})`,
      ),
      say(
        "see the other lines, then the log of the core",
        "voir les autres lignes, puis le journal du service core",
      ),
    ),
  ];
}

/** Whether the colours that a running core follows can be; undefined where it does not answer. */
export function checkTariff(
  state: Pick<StateResponse, "inputs"> | undefined,
  say: Say = inEnglish,
): Finding | undefined {
  if (!state) return undefined;
  const { source, warning: doubt } = state.inputs.tariff;
  if (doubt === undefined) return ok("tariff", say(`from ${source}`, `source : ${source}`));
  return warning(
    "tariff",
    say(
      `${source} has colours that cannot be, and they are followed: ${doubt}`,
      `${source} a des couleurs impossibles, qui sont suivies : ${doubt}`,
    ),
    say(
      "compare the calendar file that AZRU_TARIFF names with the colours that EDF published",
      "comparer le calendrier qu'indique AZRU_TARIFF aux couleurs publiées par EDF",
    ),
  );
}

/** What a running core knows; undefined where it does not answer. */
export async function stateOf(address: Address): Promise<StateResponse | undefined> {
  try {
    return await ask(address, "/state", stateResponseSchema);
  } catch {
    return undefined; // checkReady reports it
  }
}
