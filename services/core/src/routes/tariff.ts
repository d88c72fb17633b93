/** The prices in use, and prices at run time. */
import { problemDetailsSchema, pushedTariffSchema, tariffStateSchema } from "@azru/contracts";
import { TariffSourceError } from "@azru/tariff";
import type { FastifyReply } from "fastify";
import { tokenScheme } from "../plugins/access.ts";
import { problem } from "../plugins/problems.ts";
import { NotPushedError } from "../tariff-pushes.ts";
import { type Router, refusals } from "./router.ts";

/** A month of quarters of an hour, as integrations write them, is shorter. */
const longestBody_bytes = 512 * 1024;

export function tariffRoutes({ app, core, changing }: Router): void {
  const common = { tags: ["control"], security: [tokenScheme] };
  const { 400: badBody, ...notAllowed } = refusals;
  const response = { 200: tariffStateSchema, ...notAllowed, 409: problemDetailsSchema };

  app.get(
    "/tariff",
    {
      schema: {
        tags: ["home"],
        summary: "Prices of today and tomorrow",
        response: { 200: tariffStateSchema },
      },
    },
    async () => core.tariff(),
  );

  app.put(
    "/tariff",
    {
      ...changing(),
      bodyLimit: longestBody_bytes,
      schema: {
        ...common,
        summary: "Prices from now on, where AZRU_TARIFF is pushed; answers with those in use",
        body: pushedTariffSchema,
        response: { ...response, 400: badBody },
      },
    },
    async ({ body }, reply) =>
      core.tariffPushes.take(body, "pushed over HTTP").catch((error: unknown) => refused(error, reply)),
  );

  app.delete(
    "/tariff",
    {
      ...changing(),
      schema: {
        ...common,
        summary: "Forget the prices that were pushed",
        response,
      },
    },
    async (_request, reply) => core.tariffPushes.forget().catch((error: unknown) => refused(error, reply)),
  );
}

function refused(error: unknown, reply: FastifyReply): FastifyReply {
  if (error instanceof NotPushedError) return problem(reply, 409, error.message);
  if (!(error instanceof TariffSourceError)) throw error;
  const { field } = error;
  const errors = field === undefined ? undefined : [{ field: `body.${field}`, message: error.message }];
  return problem(reply, 400, error.message, errors);
}
