/** Draws docs/figures and fills the tables of docs/controller.md, from docs/figures/*.json: `pnpm docs:figures`. */
import { readFileSync, writeFileSync } from "node:fs";
import { createCommand, optionsOrExit } from "@azru/command-line";
import { measurements } from "./figures/measurements.ts";
import { chartFiles, withFigures } from "./figures/page.ts";

optionsOrExit(
  createCommand(
    "docs:figures",
    "Draws docs/figures and fills the tables of docs/controller.md, from docs/figures/*.json.",
  ),
);

const docs = new URL("../docs/", import.meta.url);
const measured = measurements();
for (const [name, svg] of chartFiles(measured)) writeFileSync(new URL(`figures/${name}`, docs), svg);
const page = new URL("controller.md", docs);
writeFileSync(page, withFigures(readFileSync(page, "utf8"), measured));
