/** What the home is: a few answers, and the building and home files that follow from them. */
import {
  problemDetailsSchema,
  type SetupAnswers,
  type SetupResponse,
  setupAnswersSchema,
  setupDoneSchema,
  setupResponseSchema,
} from "@azru/contracts";
import { assumptionsOf, buildingOf, comfortSettingsOf, usualAnswers } from "@azru/setup";
import { readHomeFile, writeHomeFiles } from "@azru/setup/home-file";
import { tokenScheme } from "../plugins/access.ts";
import { problem } from "../plugins/problems.ts";
import { sendPage } from "./dashboard.ts";
import { type Router, refusals } from "./router.ts";

const simulated =
  "this home is simulated: start with --no-simulator for a real one, or describe it by pnpm run setup and start again";

/** Where set-up writes, and what comes after it. */
export interface Setup {
  readonly dataFolder: string;
  /** Variables of the environment that hold instead of the home file. */
  readonly overriddenBy: readonly string[];
  /** What heats, as the building in use says. */
  readonly heater?: SetupResponse["heater"];
  /** A real home that nobody has described: a browser is asked at once. */
  readonly asksFirst: () => boolean;
  /** Simulated homes are described before they start: the twin is of the same building. */
  readonly isSimulated: boolean;
  /** Has the process end and start again, with the new building. */
  readonly restart: () => void;
}

export function setupRoutes({ app, core, changing, isIngress }: Router, setup: Setup): void {
  const { dataFolder, overriddenBy } = setup;
  const tags = ["setup"];

  app.get(
    "/setup",
    {
      schema: {
        tags,
        summary: "What was answered about the home, and what follows from it",
        response: { 200: setupResponseSchema },
      },
    },
    async (request, reply) => {
      if (request.headers.accept?.includes("text/html"))
        return sendPage(reply, "setup", { isFramed: isIngress(request) });
      return setupResponse();
    },
  );

  app.put(
    "/setup",
    {
      ...changing(),
      schema: {
        tags,
        security: [tokenScheme],
        summary: "Answer anew: writes the building and the home file, and starts the core again with them",
        body: setupAnswersSchema,
        response: {
          202: setupDoneSchema,
          ...refusals,
          409: problemDetailsSchema,
        },
      },
    },
    async ({ body }, reply) => {
      if (setup.isSimulated) return problem(reply, 409, simulated);
      const files = writeHomeFiles(dataFolder, body, Date.now());
      core.comfort.setSettings(comfortSettingsOf(body));
      reply.raw.once("close", setup.restart);
      return reply.code(202).send({ status: "restarting" as const, files });
    },
  );

  function setupResponse(): SetupResponse {
    const answers = answersOf(setup);
    return {
      is_set_up: readHomeFile(dataFolder) !== undefined,
      answers,
      assumed: assumptionsOf(answers),
      building: buildingOf(answers),
      ...(setup.heater && { heater: setup.heater }),
      overridden_by: [...overriddenBy],
    };
  }
}

/** What was answered, or a usual home's where nobody has. @throws HomeFileError */
export function answersOf({ dataFolder }: Pick<Setup, "dataFolder">): SetupAnswers {
  return readHomeFile(dataFolder)?.answers ?? usualAnswers;
}
