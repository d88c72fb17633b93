/** `pnpm run doctor` (plain `pnpm doctor` examines pnpm itself): what is wrong with this installation, and what to do about it. */
import { parseArgs } from "node:util";
import { diagnose } from "./diagnose.ts";
import { isHealthy, jsonReport, textReport } from "./report.ts";

const help = `Usage: pnpm run doctor [--json]

Checks configuration, ports, broker, store, public services and clock, with the environment that the services
would have, and says what to do. Exit codes: 0 no problem (warnings are none), 1 a problem, 2 asked wrongly.
`;

process.exitCode = await main(process.argv.slice(2));

async function main(args: string[]): Promise<number> {
  let values: { json?: boolean; help?: boolean };
  try {
    ({ values } = parseArgs({
      args,
      options: { json: { type: "boolean" }, help: { type: "boolean", short: "h" } },
    }));
  } catch (error) {
    console.error(`pnpm run doctor: ${(error as Error).message}`);
    return 2;
  }
  if (values.help) {
    process.stdout.write(help);
    return 0;
  }
  const findings = await diagnose({
    environment: process.env,
    nodeVersion: process.versions.node,
    now: Date.now,
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  });
  process.stdout.write(
    values.json ? jsonReport(findings) : textReport(findings, process.stdout.isTTY === true),
  );
  return isHealthy(findings) ? 0 : 1;
}
