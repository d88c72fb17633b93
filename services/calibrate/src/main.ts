import { buildingOf, RunError, runCommand, say, UsageError } from "@azru/command-line";
import { HistoryError, toHistory } from "@azru/history";
import { calibrate, learnHouse } from "@azru/identification";
import { homeHour, readStoreConfig } from "@azru/runtime";
import { writeBuilding } from "./building-file.ts";
import { calibratedFile } from "./calibrated-file.ts";
import { parseCommand } from "./command.ts";
import { readCsv } from "./history/csv.ts";
import { readStore } from "./history/store.ts";
import { writeReport } from "./report/write.ts";
import { isAccepted, type Study, summaryJson, summaryText } from "./summary.ts";

const refused = 1;

await runCommand("calibrate", (argv) =>
  main(argv).catch((error: unknown) => {
    if (!(error instanceof HistoryError)) throw error;
    throw error.isOutage ? new RunError(error.message) : new UsageError(`${error.message} (see --help)`);
  }),
);

/** Returns the exit code. */
async function main(argv: readonly string[]): Promise<number> {
  const request = parseCommand(argv);
  if (!request) return 0;
  const config = readStoreConfig(process.env);
  const building = await buildingOf("--building", request.buildingFile);
  const measured =
    request.from.kind === "csv"
      ? await readCsv(request.from.file, request.columns)
      : await readStore(request, config);
  const { cacheFolder } = config;
  const history = await toHistory(measured, building, { ...request, cacheFolder, nowMs: Date.now() });
  const learning = learnHouse(history, building, {
    hourOfDay: homeHour,
    ...(building.learnt && { inUse: building.learnt }),
  });
  const result = calibrate(building, history);
  const study: Study = { source: measured.source, building, history, learning, result };
  const calibrated = calibratedFile(study);

  process.stdout.write(
    request.json ? `${JSON.stringify(summaryJson(study, calibrated), null, 2)}\n` : `${summaryText(study)}\n`,
  );
  if (request.reportDirectory !== undefined)
    say(`Report: ${await writeReport(study, request.reportDirectory)}`);
  if (!isAccepted(study)) {
    if (request.outFile !== undefined) say(`${request.outFile} was not written.`);
    return refused;
  }
  if (request.outFile !== undefined) {
    await writeBuilding(request.outFile, calibrated);
    say(`Building file: ${request.outFile}`);
  }
  return 0;
}
