import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** A path of the repository as an absolute one. */
export function pathOf(path: string): string {
  return fileURLToPath(new URL(`../../${path}`, import.meta.url));
}

/** The text of a file of the repository. */
export function textOf(path: string): string {
  return readFileSync(pathOf(path), "utf8");
}

export function isInRepository(path: string): boolean {
  return existsSync(pathOf(path));
}
