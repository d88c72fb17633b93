/** Writes docs/reference from the contracts and the real API: `pnpm docs:reference`. */
import { mkdirSync, writeFileSync } from "node:fs";
import { createCommand, optionsOrExit } from "@azru/command-line";
import { referenceFiles } from "./reference/files.ts";

optionsOrExit(createCommand("docs:reference", "Writes docs/reference from the contracts and the real API."));

const folder = new URL("../docs/reference/", import.meta.url);
mkdirSync(folder, { recursive: true });
for (const [name, text] of await referenceFiles()) writeFileSync(new URL(name, folder), text);
