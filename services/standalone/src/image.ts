/**
 * Makes the program of one service, where its image is built:
 *
 *     node services/standalone/src/image.ts core program
 */
import { resolve } from "node:path";
import { bundle } from "./bundle.ts";

const [service, folder] = process.argv.slice(2);
if (service === undefined || folder === undefined) throw new Error("name a service and a folder");
await bundle({ main: resolve("services", service, "src/main.ts") }, resolve(folder));
