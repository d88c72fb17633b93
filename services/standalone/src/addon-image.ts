/**
 * Makes the programs of the add-on for Home Assistant OS, where its image is built:
 *
 *     node services/standalone/src/addon-image.ts program
 */
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { makePrograms } from "./programs.ts";

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error("name a folder");
await makePrograms(resolve(folder), fileURLToPath(new URL("./addon.ts", import.meta.url)));
