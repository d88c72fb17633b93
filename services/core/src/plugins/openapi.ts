/** The API's description at /docs/json and Swagger UI at /docs, from the schemas, without any CDN. */
import swagger from "@fastify/swagger";
import swaggerUi from "@fastify/swagger-ui";
import type { FastifyInstance } from "fastify";
import { jsonSchemaTransform } from "fastify-type-provider-zod";

export async function describeApi(app: FastifyInstance, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "Azru",
        version,
        description:
          "Heats a home for less money. What changes state needs the API token where the core can be reached from other machines.",
      },
      tags: [
        { name: "home", description: "what the home does and why" },
        { name: "comfort", description: "what the people of the home wish for" },
        { name: "calibration", description: "what was learnt of the house" },
        { name: "control", description: "who decides" },
        { name: "history", description: "what was stored" },
        { name: "operation", description: "for operators and their machines" },
      ],
      components: { securitySchemes: { token: { type: "http", scheme: "bearer" } } },
    },
    transform: jsonSchemaTransform,
  });
  await app.register(swaggerUi, {
    routePrefix: "/docs",
    uiConfig: { validatorUrl: null, tryItOutEnabled: true, persistAuthorization: true },
    staticCSP: false,
  });
}
