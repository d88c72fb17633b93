/** Configuration from the environment: declared once, read, checked and documented. */
import { readFileSync } from "node:fs";
import { z } from "zod";

/** One environment variable. Its schema sees a string, or undefined where the variable is unset or empty. */
export interface Variable<T = unknown> {
  /** Name in the environment: `AZRU_SITE`. */
  readonly env: string;
  readonly schema: z.ZodType<T>;
  readonly description: string;
  /** Never printed; may instead be read from the file that `<env>_FILE` names. */
  readonly secret?: boolean;
}

/** The variables of a service by the name that its code uses. */
export type Variables = Readonly<Record<string, Variable>>;

/** What `readConfig` gives. */
export type Config<V extends Variables> = {
  readonly [Name in keyof V]: V[Name] extends Variable<infer T> ? T : never;
};

/** The environment does not make sense; the message has one line per bad variable. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join("\n"));
    this.problems = problems;
  }
}

/** A number as a string, such as `8000`, `0.5` or `1e3`. */
export function numeric(min: number, max: number) {
  return z
    .string()
    .refine((text) => text.trim() !== "" && Number.isFinite(Number(text)), {
      error: "must be a number",
      abort: true,
    })
    .transform(Number)
    .pipe(z.number().min(min).max(max));
}

/** A whole number as a string. */
export function whole(min: number, max: number) {
  return numeric(min, max).pipe(z.int().min(min).max(max));
}

/** A number from `min` to `of` that divides `of`, as a string. */
export function divisor(of: number, min: number) {
  return numeric(min, of).refine((value) => of % value === 0, { error: `must divide ${of}` });
}

/** `true`, `1`, `yes`, `on` or `false`, `0`, `no`, `off`. */
export const flag = z.stringbool({
  truthy: ["true", "1", "yes", "on"],
  falsy: ["false", "0", "no", "off"],
  error: "must be true or false",
});

/**
 * Reads and checks every variable.
 *
 * @param environment `process.env`
 * @throws ConfigError naming each bad variable and its value; the value of a secret is never shown
 */
export function readConfig<const V extends Variables>(
  variables: V,
  environment: Readonly<Record<string, string | undefined>>,
): Config<V> {
  const problems: string[] = [];
  const config: Record<string, unknown> = {};
  for (const [name, variable] of Object.entries(variables)) {
    const text = textOf(variable, environment, problems);
    if (text === unreadable) continue;
    const result = variable.schema.safeParse(text);
    if (result.success) config[name] = result.data;
    else problems.push(`${variable.env} ${complaint(variable, text, result.error)}`);
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return config as Config<V>;
}

/** The secrets in a configuration, for a logger to hide. */
export function secretsOf<const V extends Variables>(variables: V, config: Config<V>): string[] {
  return Object.entries(variables).flatMap(([name, variable]) => {
    const value: unknown = config[name];
    return variable.secret && typeof value === "string" ? [value] : [];
  });
}

const unreadable = Symbol("unreadable");

function textOf(
  { env, secret }: Variable,
  environment: Readonly<Record<string, string | undefined>>,
  problems: string[],
): string | undefined | typeof unreadable {
  const text = environment[env] || undefined;
  const file = (secret && environment[`${env}_FILE`]) || undefined;
  if (file === undefined) return text;
  if (text !== undefined) {
    problems.push(`${env} and ${env}_FILE are both set, set one`);
    return unreadable;
  }
  try {
    return readFileSync(file, "utf8").replace(/\r?\n$/, "") || undefined;
  } catch (error) {
    // Not its message, which has the name: a secret set where its file was meant would be shown.
    const { code } = error as NodeJS.ErrnoException;
    problems.push(`${env}_FILE cannot be read: ${code} (it must name a file that holds the secret)`);
    return unreadable;
  }
}

function complaint(variable: Variable, text: string | undefined, error: z.ZodError): string {
  if (text === undefined) return `is missing: ${variable.description}`;
  const [issue] = error.issues;
  // Zod writes "Too small: expected number to be >=1"; what counts is after the colon.
  const requirement = issue.message.replace(/^[A-Z][\w ]*: /, "");
  const got = variable.secret ? "" : `, got ${JSON.stringify(text)}`;
  return `${requirement.replaceAll("\n", " ")}${got}`;
}

/** The variables as a Markdown table. */
export function documentVariables(variables: Variables): string {
  const rows = Object.values(variables).map((variable) => {
    const names = variable.secret ? `\`${variable.env}\`, \`${variable.env}_FILE\`` : `\`${variable.env}\``;
    return `| ${names} | ${cell(variable.description)} | ${cell(allowedOf(variable))} | ${cell(defaultOf(variable) ?? "")} |`;
  });
  return ["| variable | meaning | values | default |", "|---|---|---|---|", ...rows, ""].join("\n");
}

/** The variables as an `.env` file: those with a default commented out, those that must be set left open. */
export function exampleEnv(variables: Variables): string {
  return Object.values(variables)
    .map((variable) => {
      const value = defaultOf(variable);
      const needed = value === undefined ? "" : "# ";
      return `# ${variable.description}\n${needed}${variable.env}=${value ?? ""}\n`;
    })
    .join("\n");
}

/** The variables for a program's help: a line each, with what holds where it is unset. */
export function variablesHelp(variables: Variables): string {
  const width = Math.max(...Object.values(variables).map(({ env }) => env.length));
  return Object.values(variables)
    .map((variable) => {
      const value = defaultOf(variable);
      return `  ${variable.env.padEnd(width)}  ${variable.description}${value ? ` (${value})` : ""}\n`;
    })
    .join("");
}

/** What an unset variable means; undefined where it must be set. */
function defaultOf(variable: Variable): string | undefined {
  const result = variable.schema.safeParse(undefined);
  if (!result.success) return undefined;
  return result.data === undefined ? "" : String(result.data);
}

function allowedOf(variable: Variable): string {
  const schema = z.toJSONSchema(variable.schema, { unrepresentable: "any" });
  if (Array.isArray(schema.enum)) return schema.enum.join(", ");
  if (schema.type === "number" || schema.type === "integer") {
    return `${schema.minimum ?? schema.exclusiveMinimum} to ${schema.maximum ?? schema.exclusiveMaximum}`;
  }
  return schema.type === "boolean" ? "true, false" : (schema.format ?? "text");
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}
