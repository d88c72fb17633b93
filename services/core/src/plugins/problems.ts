/** Every error as problem details, RFC 9457, in words that say what to change. */

import { STATUS_CODES } from "node:http";
import { describeZodError, type ProblemDetails } from "@azru/contracts";
import { StoreError } from "@azru/timeseries";
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { hasZodFastifySchemaValidationErrors } from "fastify-type-provider-zod";
import { z } from "zod";

/** Answers with problem details. */
export function problem(
  reply: FastifyReply,
  status: number,
  detail: string,
  errors?: ProblemDetails["errors"],
): FastifyReply {
  const body: ProblemDetails = {
    type: "about:blank",
    title: STATUS_CODES[status] ?? "Error",
    status,
    detail,
    ...(errors && { errors }),
  };
  return reply
    .code(status)
    .type("application/problem+json")
    .serializer((payload: unknown) => JSON.stringify(payload))
    .send(body);
}

export function answerProblems(app: FastifyInstance): void {
  app.setNotFoundHandler((request, reply) => {
    const [path] = request.url.split("?");
    problem(reply, 404, `there is no ${request.method} ${path}; see /docs`);
  });
  app.setErrorHandler((error: FastifyError, request, reply) => {
    if (hasZodFastifySchemaValidationErrors(error)) return invalid(error, request, reply);
    if (error instanceof RangeError) return problem(reply, 400, error.message);
    if (error instanceof StoreError) {
      request.log.warn({ err: error }, "the store did not answer");
      return problem(reply, 503, `the store does not answer now: ${error.message}`);
    }
    const status = error.statusCode ?? 500;
    if (status < 500) return problem(reply, status, error.message);
    request.log.error({ err: error }, "a request failed");
    return problem(reply, status, "something went wrong here; the log says what");
  });
}

const wholes = { body: "body", querystring: "query", params: "path", headers: "headers" } as const;

/** Names each bad field and its value. */
function invalid(
  error: Parameters<typeof hasZodFastifySchemaValidationErrors>[0] & {
    validation: { params: { issue: z.core.$ZodIssue } }[];
    validationContext?: string;
  },
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const context = (error.validationContext ?? "body") as keyof typeof wholes;
  const input: unknown = request[context === "querystring" ? "query" : context];
  const root = wholes[context];
  const issues = error.validation.map(({ params }) => params.issue);
  const inWords = (some: z.core.$ZodIssue[]) => describeZodError(new z.ZodError(some), input, root);
  const errors = issues.map((issue) => ({
    field: [root, ...issue.path].join("."),
    message: inWords([issue]),
  }));
  return problem(reply, 400, inWords(issues), errors);
}
