/**
 * Home Assistant's ingress: the page within Home Assistant, which has logged its user in and asks from the Supervisor's
 * address, below a path of its own (https://developers.home-assistant.io/docs/add-ons/presentation#ingress).
 */
import type { FastifyRequest } from "fastify";

/** Whether a request came through the ingress. */
export type IsIngress = (request: Pick<FastifyRequest, "socket">) => boolean;

/**
 * By the address of the connection, which nobody else has in the Supervisor's network; a header could be anyone's.
 *
 * @param supervisor its address; absent: there is no ingress
 */
export function ingressFrom(supervisor: string | undefined): IsIngress {
  return ({ socket }) =>
    supervisor !== undefined && socket.remoteAddress?.replace(/^::ffff:/, "") === supervisor;
}
