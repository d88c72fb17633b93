export { buildingOf } from "./building-file.ts";
export { callOf, createCommand, optionsOrExit, parseOptions } from "./command.ts";
export { RunError, UsageError } from "./errors.ts";
export { type Language, languageOf } from "./language.ts";
export { choice, instant, number, wholeNumber } from "./options.ts";
export { createProgress, type Progress } from "./progress.ts";
export { runCommand, say } from "./run.ts";
export { runServiceCommand } from "./service.ts";
