/** Writes docs/configuration.md from the services' own declarations: `pnpm docs:configuration`. */
import { writeFileSync } from "node:fs";
import { configurationPage } from "./configuration-page.ts";

writeFileSync(new URL("../docs/configuration.md", import.meta.url), configurationPage());
