/** docs/reference/series.md */
import { type SeriesDefinition, series } from "@azru/contracts";
import { cell } from "./fields.ts";

/** Every stored series, for people. */
export function seriesPage(): string {
  return `${[
    "# Stored series",
    "Written by `pnpm docs:reference` from `packages/contracts`; do not edit. In InfluxDB these are the measurements of the bucket; `GET /history` of the [HTTP API](http.md) and the embedded store use the same names.",
    ...Object.entries(series).map(([name, definition]) => section(name, definition)),
  ].join("\n\n")}\n`;
}

function section(name: string, { description, tags, fields }: SeriesDefinition): string {
  const tagList = Object.entries(tags).map(([tag, meaning]) => `\`${tag}\` (${meaning})`);
  const rows = Object.entries(fields).map(
    ([field, { type, unit, description }]) =>
      `| \`${field}\` | ${type === "string" ? "text" : type} | ${cell(unit)} | ${cell(description)} |`,
  );
  return [
    `## ${name}`,
    `${description.charAt(0).toUpperCase()}${description.slice(1)}.`,
    ...(tagList.length === 0 ? [] : [`Tags: ${tagList.join(", ")}.`]),
    ["| field | type | unit | meaning |", "|---|---|---|---|", ...rows].join("\n"),
  ].join("\n\n");
}
