import { availableParallelism, hostname } from "node:os";
import { connectService } from "@azru/messaging";
import { exampleEnv, logVariables, runService } from "@azru/runtime";
import { variables } from "./config.ts";
import { createOptimiser } from "./optimiser.ts";
import { serveRequests, serviceName } from "./service.ts";

/** Leaves messaging and the threads time to close within the 5 s of a graceful stop. */
const grace_ms = 2_000;

if (process.argv.includes("--help")) console.log(exampleEnv({ ...logVariables, ...variables }));
else
  await runService("mpc", variables, (context) => {
    const { config, log, shutdown } = context;
    const { fleet, solver, queue, longestSeconds } = config;
    const worker = config.worker ?? `${hostname().slice(0, 50)}-${process.pid}`;
    const threads = config.threads ?? Math.max(1, availableParallelism() - 1);

    const clientId = `${config.site}-${serviceName}-${worker}`;
    const messenger = connectService(context, serviceName, { clientId });

    const longest_ms = longestSeconds * 1000;
    const optimiser = createOptimiser({ worker, solver, threads, queue, longest_ms, log });
    const service = serveRequests({ messenger, optimiser, worker, fleet, log });
    shutdown.onClose("requests", () => service.stop(grace_ms));
    log.debug({ worker, fleet, solver, threads, queue }, "solving");
  });
