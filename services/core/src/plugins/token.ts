/** The API token: compared in constant time; who comes without it is limited and logged. */
import bearerAuth from "@fastify/bearer-auth";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { problem } from "./problems.ts";

/** Lines about wrong tokens that all clients together may cause in a minute. */
const mostLines = 10;

/**
 * Asks for the token. Requests without the right one are counted for each address (a network of 64 bits with IPv6), and
 * beyond `most` a minute they are answered with 429. The right token passes however many wrong ones came from its
 * address: it may be a proxy's, and no one may lock the home's owner out.
 *
 * @param most requests without the right token that one address may make in a minute
 */
export async function needToken(
  app: FastifyInstance,
  token: string,
  most: number,
): Promise<(request: FastifyRequest, reply: FastifyReply) => Promise<void>> {
  await app.register(bearerAuth, { keys: new Set([token]), addHook: false, verifyErrorLogLevel: "silent" });
  const timeWindow = "1 minute";
  const attempts = app.createRateLimit({ max: most, timeWindow });
  const lines = app.createRateLimit({ max: mostLines, timeWindow, keyGenerator: () => "lines" });

  const refusal = (request: FastifyRequest, reply: FastifyReply) =>
    new Promise<Error | undefined>((resolve) => app.verifyBearerAuth!(request, reply, resolve));

  return async (request, reply) => {
    const error = await refusal(request, reply);
    if (!error) return;
    const count = await attempts(request);
    if (count.isAllowed) throw error;
    const isFirst = count.remaining === count.max - 1;
    const isLast = !count.isExceeded && count.remaining === 0;
    if (isFirst || isLast) await log(request, isLast ? `, and the last of ${most} in a minute` : "");
    if (!count.isExceeded) throw error;
    reply.header("retry-after", count.ttlInSeconds);
    await problem(
      reply,
      429,
      `${most} requests without the right token came from ${request.ip}: try again in ${count.ttlInSeconds} s, or send the right one now`,
    );
  };

  async function log(request: FastifyRequest, which: string): Promise<void> {
    const written = await lines(request);
    if (!written.isAllowed && written.isExceeded) return;
    const { ip: address, method, routeOptions } = request;
    const what = request.headers.authorization === undefined ? "no token" : "a wrong token";
    request.log.warn(
      { address, method, path: routeOptions.url },
      `a request with ${what} was refused${which}`,
    );
  }
}
