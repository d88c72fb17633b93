/** Lists of values on the command line: one study for each combination. */

/** Options whose values may be a list with commas. */
const listed = new Set([
  ...[
    "--horizon",
    "--step",
    "--solver",
    "--odds",
    "--colours",
    "--forecast",
    "--state",
    "--noise",
    "--margin",
  ],
  "--seed",
]);
/** Options whose values may have commas in them, so that several are written one after the other. */
const repeated = new Set(["--weather", "--tariff", "--model"]);

/** One study of a grid. */
export interface Cell {
  readonly argv: readonly string[];
  /** What sets it apart from the others: "horizon 24, tariff base:0.20"; empty where there is one study only. */
  readonly label: string;
}

/**
 * The studies that a command line asks for: `--horizon 24,48 --tariff tempo base:0.20` are four.
 */
export function cellsOf(argv: readonly string[]): Cell[] {
  let cells: Cell[] = [{ argv: [], label: "" }];
  for (let i = 0; i < argv.length; ) {
    const { name, values, next } = optionAt(argv, i);
    i = next;
    cells = cells.flatMap((cell) =>
      values.map((value) => {
        if (name === undefined) return { ...cell, argv: [...cell.argv, value] };
        const label = [cell.label, `${name.slice(2)} ${value}`].filter((part) => part !== "").join(", ");
        return { argv: [...cell.argv, name, value], label: values.length > 1 ? label : cell.label };
      }),
    );
  }
  return cells;
}

interface OptionValues {
  /** Absent for a token that is taken as it is. */
  readonly name?: string;
  readonly values: readonly string[];
  readonly next: number; // index of the token after it
}

function optionAt(argv: readonly string[], i: number): OptionValues {
  const token = argv[i];
  const [, attached, text] = /^(--[a-z-]+)=(.*)$/s.exec(token) ?? [];
  const name = attached ?? token;
  if (listed.has(name)) {
    const value = text ?? argv[i + 1];
    if (value === undefined) return { values: [token], next: i + 1 };
    const values = value.split(",").map((each) => each.trim());
    return { name, values, next: i + (attached === undefined ? 2 : 1) };
  }
  if (repeated.has(token)) {
    let next = i + 1;
    while (next < argv.length && !argv[next].startsWith("--")) next++;
    if (next > i + 1) return { name, values: argv.slice(i + 1, next), next };
  }
  return { values: [token], next: i + 1 };
}
