/** A file of settings that an environment variable names, YAML or JSON. */

import { describeZodError } from "@azru/contracts";
import { exampleFile } from "@azru/contracts/building-file";
import { readText } from "@azru/text-file";
import { parseDocument } from "yaml";
import type { z } from "zod";
import { ConfigError } from "./config.ts";

interface SettingsFileKind<S extends z.ZodType> {
  /** The environment variable that names it. */
  readonly variable: string;
  readonly schema: S;
  /** The page that explains it. */
  readonly page: string;
  /** What to do where there is none. */
  readonly advice: string;
}

interface SettingsFile<T> {
  /**
   * Checks the text of a file.
   *
   * @throws ConfigError in one line that begins with the variable and the file's name
   */
  parse(text: string, file: string): T;
  /** Reads a file. @throws ConfigError as `parse` does, also where it cannot be read */
  read(file: string): Promise<T>;
}

/** A reader of one kind of settings file. */
export function settingsFile<S extends z.ZodType>(kind: SettingsFileKind<S>): SettingsFile<z.output<S>> {
  const { variable, schema, page, advice } = kind;
  const problem = (file: string, what: string) =>
    new ConfigError([`${variable} ${file}: ${what.replaceAll(/\s+/g, " ")} (see ${page})`]);

  function parse(text: string, file: string): z.output<S> {
    const document = parseDocument(text, { prettyErrors: false });
    const [error] = document.errors;
    if (error) {
      const line = text.slice(0, error.pos[0]).split("\n").length;
      throw problem(file, `line ${line} is no YAML: ${error.message}`);
    }
    let input: unknown;
    try {
      input = document.toJS();
    } catch (cause) {
      throw problem(file, `is no YAML: ${(cause as Error).message}`);
    }
    const result = schema.safeParse(input);
    if (result.success) return result.data;
    throw problem(file, describeZodError(result.error, input));
  }

  return {
    parse,
    async read(file) {
      let text: string;
      try {
        text = await readText(exampleFile(file));
      } catch (cause) {
        const { code } = cause as NodeJS.ErrnoException;
        throw new ConfigError([`${variable} ${file} cannot be read: ${code}; ${advice} (see ${page})`]);
      }
      return parse(text, file);
    },
  };
}
