/** JSON Schemas as tables for people. */

/** The parts of a JSON Schema that our contracts use. */
export interface JsonSchema {
  readonly type?: string;
  readonly description?: string;
  readonly format?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly $ref?: string;
}

/** The largest number that JSON carries exactly; Zod writes it where an integer has no limit. */
const unlimited = Number.MAX_SAFE_INTEGER;

/**
 * A Markdown table with a row a field, those of nested objects by path: `decision.reason`, `rooms[].age_s`.
 * Empty where the schema has no fields.
 */
export function fieldTable(schema: JsonSchema): string {
  const rows = fieldRows(schema, "");
  return rows.length === 0 ? "" : ["| field | value | meaning |", "|---|---|---|", ...rows].join("\n");
}

function fieldRows(schema: JsonSchema, prefix: string): string[] {
  const rows: string[] = [];
  const seen = new Set<string>();
  for (const form of formsOf(schema)) {
    for (const [name, field] of Object.entries(form.properties ?? {})) {
      const path = `${prefix}${name}`;
      const optional = form.required?.includes(name) ? "" : ", optional";
      const row = `| \`${path}\` | ${valueText(field)}${optional} | ${cell(field.description ?? field.items?.description ?? "")} |`;
      if (seen.has(row)) continue;
      seen.add(row);
      rows.push(row, ...fieldRows(field, `${path}.`));
      for (const inner of formsOf(field)) if (inner.items) rows.push(...fieldRows(inner.items, `${path}[].`));
    }
    if (typeof form.additionalProperties === "object")
      rows.push(...fieldRows(form.additionalProperties, `${prefix}*.`));
  }
  return rows;
}

/** What a value may be, in a few words: `number, 0 to 100`, `text: auto or manual`. */
export function valueText(schema: JsonSchema): string {
  const forms = formsOf(schema);
  if (forms.length > 1) return [...new Set(forms.map(valueText))].join(", or ");
  const [form] = forms;
  if (form.const !== undefined) return cell(`\`${JSON.stringify(form.const)}\``);
  if (form.enum) return cell(form.enum.map((value) => `\`${JSON.stringify(value)}\``).join(", "));
  if (form.type === "array") return `list${lengthText(form)} of ${valueText(form.items ?? {})}`;
  if (form.format === "date-time") return "time";
  if (form.format === "date") return "date";
  const type = form.type === "string" ? "text" : (form.type ?? "anything");
  const fallback = form.default === undefined ? "" : `; default \`${JSON.stringify(form.default)}\``;
  return cell(`${type}${rangeText(form)}${fallback}`);
}

function formsOf(schema: JsonSchema): readonly [JsonSchema, ...JsonSchema[]] {
  const [first, ...rest] = (schema.anyOf ?? schema.oneOf ?? schema.allOf ?? [schema]).flatMap((form) =>
    form === schema ? [form] : formsOf(form),
  );
  return [first ?? schema, ...rest];
}

function rangeText({ minimum, exclusiveMinimum, maximum }: JsonSchema): string {
  const low = minimum === undefined || minimum <= -unlimited ? undefined : minimum;
  const high = maximum === undefined || maximum >= unlimited ? undefined : maximum;
  if (exclusiveMinimum !== undefined)
    return ` > ${exclusiveMinimum}${high === undefined ? "" : `, at most ${high}`}`;
  if (low !== undefined && high !== undefined) return `, ${low} to ${high}`;
  if (low !== undefined) return ` >= ${low}`;
  return high === undefined ? "" : ` <= ${high}`;
}

function lengthText({ minItems, maxItems }: JsonSchema): string {
  return maxItems === undefined ? "" : ` (${minItems ?? 0} to ${maxItems})`;
}

/** Text that neither ends a table's cell nor is taken for HTML or for a template. */
export function cell(text: string): string {
  return text
    .replaceAll("|", "\\|")
    .replaceAll(/<(?=[a-z/!])/gi, "&lt;")
    .replaceAll("\n", " ");
}
