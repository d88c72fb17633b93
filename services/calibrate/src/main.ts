import { HistoryError, toHistory } from "@azru/history";
import { calibrate } from "@azru/identification";
import { buildingOf, writeBuilding } from "./building-file.ts";
import { parseCommand } from "./command.ts";
import { readCalibrateConfig } from "./config.ts";
import { RunError, UsageError } from "./errors.ts";
import { readCsv } from "./history/csv.ts";
import { readStore } from "./history/store.ts";
import { writeReport } from "./report/write.ts";
import { type Study, summaryJson, summaryText } from "./summary.ts";

const refused = 1;

process.exitCode = await main(process.argv.slice(2)).catch((thrown: unknown) => {
  const error = thrown instanceof HistoryError ? new UsageError(`${thrown.message} (see --help)`) : thrown;
  if (!(error instanceof UsageError || error instanceof RunError)) throw error;
  say(`calibrate: ${error.message}`);
  return error.exitCode;
});

/** Returns the exit code. */
async function main(argv: readonly string[]): Promise<number> {
  const request = parseCommand(argv);
  if (!request) return 0;
  const config = readCalibrateConfig(process.env);
  const building = await buildingOf(request.buildingFile);
  const measured =
    request.from.kind === "csv" ? await readCsv(request.from.file) : await readStore(request, config);
  const { cacheFolder } = config;
  const history = await toHistory(measured, building, { ...request, cacheFolder, nowMs: Date.now() });
  const result = calibrate(building, history);
  const study: Study = { source: measured.source, building, history, result };

  process.stdout.write(
    request.json ? `${JSON.stringify(summaryJson(study), null, 2)}\n` : `${summaryText(study)}\n`,
  );
  if (request.reportDirectory !== undefined)
    say(`Report: ${await writeReport(study, request.reportDirectory)}`);
  if (!result.accepted) {
    if (request.outFile !== undefined) say(`${request.outFile} was not written.`);
    return refused;
  }
  if (request.outFile !== undefined) {
    await writeBuilding(request.outFile, result.building);
    say(`Building file: ${request.outFile}`);
  }
  return 0;
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
