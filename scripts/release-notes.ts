/** Prints what CHANGELOG.md says of a version: `pnpm release-notes v0.1.0`. */
import { readFileSync } from "node:fs";
import { createCommand, optionsOrExit } from "@azru/command-line";
import { changesOf } from "./changelog.ts";

const command = createCommand("release-notes", "Prints what CHANGELOG.md says of a version.").argument(
  "<tag>",
  "of the version, such as v0.1.0",
);
optionsOrExit(command);
const [tag = ""] = command.args;
try {
  console.log(changesOf(readFileSync(new URL("../CHANGELOG.md", import.meta.url), "utf8"), tag));
} catch (error) {
  if (!(error instanceof RangeError)) throw error;
  console.error(`release-notes: ${error.message}`);
  process.exitCode = 2;
}
