/**
 * Writes series as InfluxDB answers a Flux query: annotated CSV, a header wherever the columns change.
 *
 * @see https://docs.influxdata.com/influxdb/v2/reference/syntax/annotated-csv/
 */
import type { Series } from "../store.ts";

const dataTypes = { number: "double", string: "string", boolean: "boolean" } as const;

export function annotatedCsv(series: readonly Series[]): string {
  let csv = "";
  let header = "";
  for (const [table, { measurement, tags, field, timesMs, values }] of series.entries()) {
    const tagNames = Object.keys(tags).sort();
    const type = dataTypes[typeof values[0] as keyof typeof dataTypes];
    const lines = [
      [
        "#datatype",
        "string",
        "long",
        "dateTime:RFC3339",
        type,
        "string",
        "string",
        ...tagNames.map(() => "string"),
      ],
      ["#group", "false", "false", "false", "false", "true", "true", ...tagNames.map(() => "true")],
      ["#default", "_result", "", "", "", "", "", ...tagNames.map(() => "")],
      ["", "result", "table", "_time", "_value", "_field", "_measurement", ...tagNames],
    ];
    const ownHeader = lines.map(csvLine).join("");
    if (ownHeader !== header) {
      csv += (csv === "" ? "" : "\r\n") + ownHeader;
      header = ownHeader;
    }
    for (const [i, timeMs] of timesMs.entries()) {
      const time = new Date(timeMs).toISOString().replace(/\.?0*Z$/, "Z");
      const tagValues = tagNames.map((name) => tags[name]);
      csv += csvLine(["", "", String(table), time, String(values[i]), field, measurement, ...tagValues]);
    }
  }
  return `${csv}\r\n`;
}

/** As Go's encoding/csv with CRLF does, which ends the lines within a text so, too. */
function csvLine(cells: readonly string[]): string {
  const quoted = cells.map((text) =>
    /[",\r\n]|^\s|^\\\.$/.test(text) ? `"${text.replaceAll('"', '""').replaceAll("\n", "\r\n")}"` : text,
  );
  return `${quoted.join(",")}\r\n`;
}
