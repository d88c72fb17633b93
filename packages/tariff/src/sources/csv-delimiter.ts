/** The separator of a CSV file, by its header: the first line that is neither empty nor a comment (`#`). */
export function csvDelimiter(text: string): "," | ";" {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const header = lines.find((line) => line !== "" && !line.startsWith("#")) ?? "";
  return header.includes(";") ? ";" : ",";
}
