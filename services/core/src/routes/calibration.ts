/** What was learnt of the house: which model is in force, learning now, and going back. */
import { calibrationResponseSchema, calibrationStartSchema, problemDetailsSchema } from "@azru/contracts";
import { tokenScheme } from "../plugins/access.ts";
import { problem } from "../plugins/problems.ts";
import { type Router, refusals } from "./router.ts";

const off = "the house is not learnt: set AZRU_CALIBRATE=nightly and start again";

export function calibrationRoutes({ app, core, changing }: Router): void {
  const { calibration } = core;
  const tags = ["calibration"];
  const common = { tags, security: [tokenScheme] };
  const conflicts = { ...refusals, 409: problemDetailsSchema };

  app.get(
    "/calibration",
    {
      schema: {
        tags,
        summary: "The model of the house that is in force, and what came of the last calibration",
        response: { 200: calibrationResponseSchema },
      },
    },
    async () => calibration.response,
  );

  app.post(
    "/calibration",
    {
      ...changing(),
      schema: {
        ...common,
        summary:
          "Learn the house now, and every night again where somebody had gone back to the building file",
        response: { 202: calibrationStartSchema, ...conflicts },
      },
    },
    async (_request, reply) => {
      const started = calibration.begin();
      return started ? reply.code(202).send(started) : problem(reply, 409, off);
    },
  );

  app.delete(
    "/calibration",
    {
      ...changing(),
      schema: {
        ...common,
        summary: "Back to the building file, which stays until somebody asks to learn again",
        response: { 200: calibrationResponseSchema, ...conflicts },
      },
    },
    async (_request, reply) =>
      (await calibration.goBack()) ? calibration.response : problem(reply, 409, off),
  );
}
