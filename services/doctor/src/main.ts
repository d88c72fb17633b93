/** `pnpm run doctor` (plain `pnpm doctor` examines pnpm itself): what is wrong with this installation, and what to do about it. */
import { createCommand, parseOptions, runCommand } from "@azru/command-line";
import { hasColours } from "@azru/runtime";
import { diagnose } from "./diagnose.ts";
import { isHealthy, jsonReport, textReport } from "./report.ts";

const notes = `
The environment is the one that the services would have. Exit codes: 0 no problem (warnings are none), 1 a problem,
2 asked wrongly.`;

await runCommand("pnpm run doctor", async (argv) => {
  const command = createCommand(
    "run doctor",
    "Checks configuration, ports, broker, store, public services and clock, and says what to do.",
  )
    .option("--json", "print what was found as JSON", false)
    .addHelpText("after", notes);
  const options = parseOptions<{ json: boolean }>(command, argv);
  if (!options) return 0;
  const findings = await diagnose({
    environment: process.env,
    nodeVersion: process.versions.node,
    now: Date.now,
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  });
  process.stdout.write(
    options.json ? jsonReport(findings) : textReport(findings, hasColours(process.stdout)),
  );
  return isHealthy(findings) ? 0 : 1;
});
