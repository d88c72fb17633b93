import { createProgress, RunError, runCommand, say, UsageError } from "@azru/command-line";
import { readStoreConfig } from "@azru/runtime";
import { parseCommand } from "./command.ts";
import { type Cell, cellsOf } from "./grid.ts";
import { argumentsFrom, withFormerNames } from "./inputs.ts";
import { prepareDirectory, writeStudies } from "./report/write.ts";
import { confirmReset, openRunStore, type RunStore } from "./run-store.ts";
import { type PreparedStudy, prepareStudy, runStudies } from "./run-study.ts";
import type { Study } from "./study.ts";
import { savingsText, summaryJson, summaryText } from "./summary.ts";

const interrupted = 130;

await runCommand("simulate", main);

/** Returns the exit code. */
async function main(argv: readonly string[]): Promise<number> {
  const { cells, formerNames } = await cellsFrom(argv);
  const isRepeated = formerNames !== undefined;
  const requests = cells.map(({ argv, label }) => ({ label, request: parseCommand(argv, isRepeated) }));
  const first = requests[0].request;
  if (!first) return 0;
  const config = readStoreConfig(process.env);
  const nowMs = Date.now();
  const prepared: PreparedStudy[] = [];
  for (const { label, request } of requests) {
    if (!request?.study) continue;
    const study = await prepareStudy(request.study, config.cacheFolder, nowMs, label);
    for (const note of study.world.notes) say(label === "" ? note : `${label}: ${note}`);
    prepared.push(formerNames ? { ...study, inputs: withFormerNames(study.inputs, formerNames) } : study);
  }
  if (first.reset && !first.yes && !(await confirmReset(process.stdin, process.stderr))) {
    say("Nothing was deleted.");
    return 1;
  }
  const store = await openRunStore(config);
  try {
    const out = first.study?.outDirectory;
    if (out !== undefined) await prepareDirectory(out);
    if (first.reset) say(`Deleted ${await store.reset()} simulated runs from ${store.reason}.`);
    return prepared.length > 0 ? await simulate(prepared, first.json, nowMs.toString(36), store) : 0;
  } finally {
    await store.close();
  }
}

/** The studies that the arguments ask for, those of `--from` included, with the names that its files had. */
async function cellsFrom(
  argv: readonly string[],
): Promise<{ cells: Cell[]; formerNames?: ReadonlyMap<string, string> }> {
  const at = argv.findIndex((token) => token === "--from" || token.startsWith("--from="));
  if (at < 0) return { cells: cellsOf(argv) };
  const isAttached = argv[at] !== "--from";
  const file = isAttached ? argv[at].slice("--from=".length) : argv[at + 1];
  if (!file) throw new UsageError("--from needs a file, such as out/january/summary.json");
  const repeated = await argumentsFrom(file, argv.toSpliced(at, isAttached ? 1 : 2));
  for (const note of repeated.notes) say(note);
  return { cells: cellsOf(repeated.argv), formerNames: repeated.names };
}

async function simulate(
  prepared: readonly PreparedStudy[],
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
  const studies = await runStudies(prepared, progress, stop.signal, stamp).finally(() => progress.stop());
  process.off("SIGINT", onInterrupt);

  process.stdout.write(`${json ? jsonOf(studies) : textOf(studies)}\n`);
  const unstored = await storeAll(studies, store);
  const { outDirectory } = prepared[0].request;
  if (outDirectory !== undefined) {
    const [report] = await writeStudies(studies, outDirectory);
    say(`Report: ${report}`);
  }
  if (unstored) throw unstored;
  return studies.every(({ complete }) => complete) ? 0 : interrupted;
}

/** @returns why not all of them are stored: a report may be written all the same */
async function storeAll(studies: readonly Study[], store: RunStore): Promise<RunError | undefined> {
  try {
    for (const study of studies) {
      await store.save(study);
      say(`Stored ${study.runs.map(({ id }) => id).join(", ")} in ${store.reason}.`);
    }
    return undefined;
  } catch (error) {
    if (error instanceof RunError) return error;
    throw error;
  }
}

function jsonOf(studies: readonly Study[]): string {
  const results = studies.map(summaryJson);
  return JSON.stringify(results.length === 1 ? results[0] : { studies: results }, null, 2);
}

function textOf(studies: readonly Study[]): string {
  const texts = studies.map(summaryText);
  const isCompared = studies.length > 1 && studies.some(({ comparisons }) => comparisons.length > 0);
  return [...texts, ...(isCompared ? [savingsText(studies)] : [])].join("\n\n");
}
