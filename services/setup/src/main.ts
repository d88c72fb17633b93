/** `pnpm run setup` (plain `pnpm setup` installs pnpm itself): describes the home in a terminal, as the page does. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import {
  choice,
  createCommand,
  languageOf,
  number,
  parseOptions,
  RunError,
  runCommand,
  UsageError,
} from "@azru/command-line";
import { describeZodError, type SetupAnswers, setupAnswersSchema } from "@azru/contracts";
import { type SetupLanguage, setupTexts, usualAnswers, valvesDraftOf } from "@azru/setup";
import { HomeFileError, homeFiles, readHomeFile, writeHomeFiles } from "@azru/setup/home-file";
import { textOf } from "@azru/text-file";
import { Option } from "commander";
import { askAll } from "./ask-all.ts";

const notes = `
Without --answers it asks, beginning with what was answered before, and shows what it assumes. With --answers a JSON
file of some or all answers is taken instead (their names and meaning: PUT /setup in docs/reference/http.md).
Where radiators on pilot wires are named in the answers, their valves and rooms files are written beside the home file.
--valves writes a first valves file for other devices: radiator valves for water, a relay for a heated floor, pilot
wires whose names you do not know yet; complete it (docs/valves.md, docs/pilot-wire.md).
The services read the files when they start. The page asks the same, and starts the core again by itself.

Exit codes: 0 written, 1 stopped without writing, 2 asked wrongly.`;

interface Options {
  readonly data: string;
  readonly answers?: string;
  readonly valves?: string;
  readonly subscribedKva?: number;
  readonly language: SetupLanguage;
}

await runCommand("pnpm run setup", async (argv) => {
  const command = createCommand(
    "run setup",
    "Describes the home: writes its building file and its home file.",
  )
    .addOption(new Option("--data <folder>", "folder of data").env("AZRU_DATA_DIR").default("data"))
    .option("--answers <file>", "JSON of answers, instead of asking")
    .option("--valves <file>", "write a first valves file there, such as config/valves.yaml")
    .option(
      "--subscribed-kva <kVA>",
      "subscribed power: radiators on pilot wires are kept within it",
      number(1, 36),
    )
    .addOption(choice("--language <language>", "of the questions", ["en", "fr"], languageOf(process.env)))
    .addHelpText("after", notes);
  const options = parseOptions<Options>(command, argv);
  if (!options) return 0;
  const { subscribedKva } = options;
  const limit = subscribedKva === undefined ? {} : { subscribed_kva: subscribedKva };
  const before = { ...known(options.data), ...limit };
  const answers = options.answers
    ? readAnswers(options.answers, before, limit)
    : await asked(before, options.language);
  if (options.valves !== undefined && answers.radiators.length > 0)
    throw new UsageError(
      `--valves ${options.valves} is for devices that the answers do not name: their radiators' own file is ${homeFiles(options.data).valves}, written without --valves`,
    );
  for (const file of writeHomeFiles(options.data, answers, Date.now())) process.stdout.write(`${file}\n`);
  if (options.valves !== undefined) {
    writeNew(options.valves, valvesDraftOf(answers, options.language));
    process.stdout.write(`${options.valves}\n`);
  }
  return 0;
});

/** Writes a file that is not there yet: what a user has completed is not lost. */
function writeNew(file: string, text: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text, { flag: "wx" });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UsageError(
      code === "EEXIST"
        ? `--valves ${file} is there already: name another file, or move it away`
        : `--valves ${file} cannot be written: ${code}`,
    );
  }
}

/** What was answered before, or a usual home's. */
function known(dataFolder: string): SetupAnswers {
  try {
    return readHomeFile(dataFolder)?.answers ?? usualAnswers;
  } catch (error) {
    if (error instanceof HomeFileError) throw new UsageError(error.message);
    throw error;
  }
}

async function asked(before: SetupAnswers, language: SetupLanguage): Promise<SetupAnswers> {
  if (!process.stdin.isTTY)
    throw new UsageError("there is no terminal to ask in: give the answers by --answers FILE");
  const answers = await askAll(before, language);
  if (answers === undefined) throw new RunError(setupTexts[language].stopped);
  return answers;
}

function readAnswers(file: string, before: SetupAnswers, limit: Partial<SetupAnswers>): SetupAnswers {
  let json: unknown;
  try {
    json = JSON.parse(textOf(readFileSync(file)));
  } catch (error) {
    throw new UsageError(`--answers ${file}: ${(error as Error).message.replaceAll(/\s+/g, " ")}`);
  }
  if (typeof json !== "object" || json === null)
    throw new UsageError(`--answers ${file} must be a JSON object`);
  const whole = { ...before, ...json, ...limit };
  const result = setupAnswersSchema.safeParse(whole);
  if (!result.success) {
    throw new UsageError(`--answers ${file}: ${describeZodError(result.error, whole, "answers")}`);
  }
  return result.data;
}
