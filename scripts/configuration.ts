/** Writes docs/configuration.md and .env.example from the services' own declarations: `pnpm docs:configuration`. */
import { writeFileSync } from "node:fs";
import { createCommand, optionsOrExit } from "@azru/command-line";
import { configurationPage, exampleEnvFile } from "./configuration-page.ts";

optionsOrExit(
  createCommand(
    "docs:configuration",
    "Writes docs/configuration.md and .env.example from the services' own declarations.",
  ),
);

writeFileSync(new URL("../docs/configuration.md", import.meta.url), configurationPage());
writeFileSync(new URL("../.env.example", import.meta.url), exampleEnvFile());
