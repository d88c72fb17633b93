/** Writes docs/configuration.md and .env.example from the services' own declarations: `pnpm docs:configuration`. */
import { writeFileSync } from "node:fs";
import { configurationPage, exampleEnvFile } from "./configuration-page.ts";

writeFileSync(new URL("../docs/configuration.md", import.meta.url), configurationPage());
writeFileSync(new URL("../.env.example", import.meta.url), exampleEnvFile());
