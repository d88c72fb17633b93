/** Prints what CHANGELOG.md says of a version: `pnpm release-notes v0.1.0`. */
import { readFileSync } from "node:fs";
import { changesOf } from "./changelog.ts";

const [tag = ""] = process.argv.slice(2);
try {
  console.log(changesOf(readFileSync(new URL("../CHANGELOG.md", import.meta.url), "utf8"), tag));
} catch (error) {
  if (!(error instanceof RangeError)) throw error;
  console.error(`release-notes: ${error.message}`);
  process.exitCode = 2;
}
