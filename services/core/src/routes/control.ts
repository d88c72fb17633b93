/** Who decides: routes that change state. */
import {
  type ControlAnswer,
  controlAnswerSchema,
  controlModeBodySchema,
  controlValveBodySchema,
  forceOptimizationResponseSchema,
  type ModeState,
  problemDetailsSchema,
} from "@azru/contracts";
import { tokenScheme } from "../plugins/access.ts";
import { problem } from "../plugins/problems.ts";
import { type Router, refusals } from "./router.ts";

function done(mode: ModeState): ControlAnswer {
  return { status: "success", ...mode };
}

export function controlRoutes({ app, core, changing }: Router): void {
  const common = { tags: ["control"], security: [tokenScheme] };

  app.post(
    "/force-optimization",
    {
      ...changing(),
      schema: {
        ...common,
        summary: "Ask the optimiser now, without waiting for the next step",
        response: { 200: forceOptimizationResponseSchema, 409: problemDetailsSchema, ...refusals },
      },
    },
    async (_request, reply) => {
      const started = core.forceOptimization();
      if (started) return started;
      const { mode } = core.state();
      return problem(reply, 409, `the home is in ${mode} mode: POST /control/mode {auto_mode: true} first`);
    },
  );

  app.post(
    "/control/valve",
    {
      ...changing(),
      schema: {
        ...common,
        summary: "Set the valve by hand, for a while",
        body: controlValveBodySchema,
        response: { 200: controlAnswerSchema, ...refusals },
      },
    },
    async ({ body }) => done(core.setValve(body)),
  );

  app.post(
    "/control/mode",
    {
      ...changing(),
      schema: {
        ...common,
        summary: "Who decides: the optimiser, the thermostat, nobody, or the valve kept where it is",
        body: controlModeBodySchema,
        response: { 200: controlAnswerSchema, ...refusals },
      },
    },
    async ({ body: { mode, auto_mode = true } }) =>
      done(mode === undefined ? core.setAutoMode(auto_mode) : core.setMode(mode)),
  );
}
