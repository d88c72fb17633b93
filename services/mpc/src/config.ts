import { homeVariables } from "@azru/contracts";
import { brokerVariables, flag, numeric, type Variables, whole } from "@azru/runtime";
import { z } from "zod";
import { solverNames } from "./solver.ts";

const name = z.string().regex(/^[\w.-]{1,64}$/, { error: "must be 1 to 64 letters, digits or _ . -" });

/** What the environment may set. */
export const variables = {
  site: homeVariables.site,
  fleet: {
    env: "AZRU_MPC_FLEET",
    schema: flag.default(false),
    description:
      "answer every site on the broker, each on its own plan topic; AZRU_SITE is then the root of this service's status alone",
  },
  ...brokerVariables,
  solver: {
    env: "AZRU_MPC_SOLVER",
    schema: z.enum(solverNames).default("interior"),
    description:
      "linear program (lp), exact recursion (exact; houses of one state) or interior point (interior; any house, the linear program stands in when it gives up): the same plan, the latter two with less work",
  },
  threads: {
    env: "AZRU_MPC_THREADS",
    schema: whole(1, 256).optional(),
    description: "problems solved at the same time; one less than the cores when unset",
  },
  queue: {
    env: "AZRU_MPC_QUEUE",
    schema: whole(0, 100_000).default(64),
    description: "requests that may wait for a thread; more are answered as failed",
  },
  longestSeconds: {
    env: "AZRU_MPC_LONGEST_SECONDS",
    schema: numeric(0.1, 3600).default(60),
    description: "a request that takes longer is given up, however far its deadline",
  },
  worker: {
    env: "AZRU_MPC_WORKER",
    schema: name.optional(),
    description: "name of this worker in its answers; host and process when unset",
  },
} satisfies Variables;
