/**
 * Which names this core is asked by. A page on the internet may point a name of its own at this machine (DNS
 * rebinding) and then reads what is served here as if it were its own; what it cannot do is choose the Host header.
 */
import { isIP } from "node:net";
import { hostname } from "node:os";
import type { FastifyInstance } from "fastify";
import type { IsIngress } from "./ingress.ts";
import { problem } from "./problems.ts";

/** Endings that no one can register: reserved (RFC 6761, 6762, 8375, ICANN's .internal), or given by routers. */
const ownEndings = ["localhost", "local", "home.arpa", "internal", "lan", "home", "localdomain"];

/**
 * Whether a host name can only be one of this home: an address, a name without a dot, a name of a local network, the
 * machine's own, or one of those configured.
 *
 * @param configured names such as `azru.example.org`, or `*.example.org` for all below one
 * @param machine what the system calls itself
 */
export function isOwnName(
  host: string,
  configured: readonly string[],
  machine: string = hostname(),
): boolean {
  const name = host
    .replace(/^\[|\]$/g, "")
    .replace(/\.$/, "")
    .toLowerCase();
  // No browser leaves the Host header out.
  if (name === "" || isIP(name) !== 0 || !name.includes(".") || name === machine.toLowerCase()) return true;
  if (ownEndings.some((ending) => name.endsWith(`.${ending}`))) return true;
  return configured.some((own) => (own.startsWith("*.") ? name.endsWith(own.slice(1)) : name === own));
}

/** Refuses what is asked by a foreign name, on every route; through the ingress it is a name of Home Assistant. */
export function onlyOwnNames(
  app: FastifyInstance,
  configured: readonly string[],
  isIngress: IsIngress,
): void {
  app.addHook("onRequest", async (request, reply) => {
    if (isIngress(request) || isOwnName(request.hostname, configured)) return;
    const name = JSON.stringify(request.hostname.slice(0, 100));
    await problem(
      reply,
      403,
      `${name} is not known as a name of this core: if it is one, set AZRU_HTTP_NAMES to it and start again; an IP address always works`,
    );
  });
}
