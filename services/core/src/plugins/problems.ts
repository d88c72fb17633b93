/** Every error as problem details, RFC 9457, in words that say what to change. */

import { STATUS_CODES } from "node:http";
import { describeZodError, type ProblemDetails } from "@azru/contracts";
import { StoreError } from "@azru/timeseries";
import type {
  FastifyError,
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
  FastifySchemaCompiler,
} from "fastify";
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

const methods = ["GET", "POST", "PUT", "DELETE"] as const;

export function answerProblems(app: FastifyInstance): void {
  function notFound(request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const [path] = request.url.split("?");
    // What the router would take for a pattern is no path of ours.
    const allowed = /[*:()]/.test(path)
      ? []
      : methods.filter((method) => app.hasRoute({ method, url: path }));
    if (allowed.length === 0) return problem(reply, 404, `there is no ${request.method} ${path}; see /docs`);
    reply.header("allow", allowed.join(", "));
    return problem(reply, 405, `${path} takes ${allowed.join(" or ")}, got ${request.method}; see /docs`);
  }
  app.setNotFoundHandler(notFound);
  app.setErrorHandler((error: FastifyError, request, reply) => {
    // Fastify looks at the body first: at whether QUERY names its type, and whether it is JSON.
    if (request.is404) return notFound(request, reply);
    if (error instanceof InvalidRequestError) return problem(reply, 400, error.message, error.errors);
    if (error instanceof StoreError) {
      request.log.warn({ err: error }, "the store did not answer");
      return problem(reply, 503, `the store does not answer now: ${error.message}`);
    }
    const status = error.statusCode ?? (error instanceof RangeError ? 400 : 500);
    if (status === 401) {
      reply.header("www-authenticate", "Bearer");
      return problem(reply, status, `${error.message}: send Authorization: Bearer with the API token`);
    }
    if (status === 415) {
      const type = request.headers["content-type"] ?? "none";
      return problem(reply, status, `send JSON with Content-Type: application/json, got ${type}`);
    }
    if (status < 500) return problem(reply, status, error.message);
    request.log.error({ err: error }, "a request failed");
    return problem(reply, status, "something went wrong here; the log says what");
  });
}

/** A request that is not what its route's schema says. */
class InvalidRequestError extends Error {
  override readonly name = "InvalidRequestError";
  readonly errors: NonNullable<ProblemDetails["errors"]>;

  constructor(error: z.ZodError, input: unknown, part: string) {
    super(describeZodError(error, input, part));
    this.errors = error.issues.map((issue) => ({
      field: [part, ...issue.path].join("."),
      message: describeZodError(new z.ZodError([issue]), input, part),
    }));
  }
}

/** Checks requests by their Zod schemas; the answer names the field and value of what does not fit. */
export const validatorCompiler: FastifySchemaCompiler<z.ZodType> = ({ schema, httpPart = "body" }) => {
  const part = httpPart === "querystring" ? "query" : httpPart;
  return (input) => {
    const result = schema.safeParse(input);
    if (result.success) return { value: result.data };
    return { error: new InvalidRequestError(result.error, input, part) };
  };
};
