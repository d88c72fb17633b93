import { createProgress, runCommand, say } from "@azru/command-line";
import { readStoreConfig } from "@azru/runtime";
import { parseCommand } from "./command.ts";
import { prepareDirectory, writeReport } from "./report/write.ts";
import { confirmReset, openRunStore, type RunStore } from "./run-store.ts";
import { type PreparedStudy, prepareStudy, runStudy } from "./run-study.ts";
import { summaryJson, summaryText } from "./summary.ts";

const interrupted = 130;

await runCommand("simulate", main);

/** Returns the exit code. */
async function main(argv: readonly string[]): Promise<number> {
  const request = parseCommand(argv);
  if (!request) return 0;
  const config = readStoreConfig(process.env);
  const nowMs = Date.now();
  const prepared = request.study && (await prepareStudy(request.study, config.cacheFolder, nowMs));
  for (const note of prepared?.world.notes ?? []) say(note);
  if (request.reset && !request.yes && !(await confirmReset(process.stdin, process.stderr))) {
    say("Nothing was deleted.");
    return 1;
  }
  const store = await openRunStore(config);
  try {
    const out = request.study?.outDirectory;
    if (out !== undefined) await prepareDirectory(out);
    if (request.reset) say(`Deleted ${await store.reset()} simulated runs from ${store.reason}.`);
    return prepared ? await simulate(prepared, request.json, nowMs.toString(36), store) : 0;
  } finally {
    await store.close();
  }
}

async function simulate(
  prepared: PreparedStudy,
  json: boolean,
  stamp: string,
  store: RunStore,
): Promise<number> {
  const stop = new AbortController();
  const onInterrupt = () => {
    say("Stopping; what was computed is kept. Ctrl-C again to leave at once.");
    stop.abort();
  };
  process.once("SIGINT", onInterrupt);
  const progress = createProgress(process.stderr);
  const study = await runStudy(prepared, progress, stop.signal, stamp).finally(() => progress.stop());
  process.off("SIGINT", onInterrupt);

  process.stdout.write(json ? `${JSON.stringify(summaryJson(study), null, 2)}\n` : `${summaryText(study)}\n`);
  await store.save(study);
  say(`Stored ${study.runs.map(({ id }) => id).join(", ")} in ${store.reason}.`);
  const { outDirectory } = prepared.request;
  if (outDirectory !== undefined) {
    const [report] = await writeReport(study, outDirectory);
    say(`Report: ${report}`);
  }
  return study.complete ? 0 : interrupted;
}
