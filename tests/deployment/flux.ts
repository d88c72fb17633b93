/** What a Flux query names, read from its syntax tree. */
import { Flux } from "@influxdata/flux-lsp-node";

/** Whether a query parses and its types fit, as InfluxDB's own compiler sees it. */
export function isValidFlux(query: string): boolean {
  return new Flux(query).is_valid();
}

export interface FluxNames {
  /** Literals that columns are compared with, by column: `_measurement`, `_field`, tags. */
  readonly compared: ReadonlyMap<string, ReadonlySet<string>>;
  /** Columns that are asked for by name. */
  readonly read: ReadonlySet<string>;
  /** Columns and field names that the query itself brings in. */
  readonly made: ReadonlySet<string>;
  /** The conditions of each `filter`, as text. */
  readonly filters: readonly string[];
}

interface Node {
  readonly type?: string;
  readonly operator?: string;
  readonly name?: string;
  readonly value?: unknown;
  readonly object?: Node;
  readonly property?: Node;
  readonly left?: Node;
  readonly right?: Node;
  readonly argument?: Node;
  readonly callee?: Node;
  readonly arguments?: readonly Node[];
  readonly properties?: readonly { readonly key: Node; readonly value: Node | null }[];
  readonly elements?: readonly Node[];
  readonly location?: { readonly source: string };
}

/** Functions whose `columns`, `rowKey` and `columnKey` are columns. */
const columnArguments = ["columns", "rowKey", "columnKey"];

export function namesIn(query: string): FluxNames {
  const compared = new Map<string, Set<string>>();
  const read = new Set<string>();
  const made = new Set<string>();
  const filters: string[] = [];

  function visit(node: unknown): void {
    if (Array.isArray(node)) for (const child of node) visit(child);
    else if (typeof node === "object" && node !== null) {
      look(node);
      for (const child of Object.values(node)) visit(child);
    }
  }

  function look(node: Node): void {
    const column = columnOf(node);
    if (column !== undefined) read.add(column);
    if (node.type === "BinaryExpression" && node.operator === "==") {
      const left = node.left && columnOf(node.left);
      if (left !== undefined && node.right?.type === "StringLiteral") {
        if (!compared.has(left)) compared.set(left, new Set());
        compared.get(left)!.add(String(node.right.value));
      }
    }
    if (node.callee?.name === undefined) return;
    const given = Object.fromEntries(
      (node.arguments?.[0]?.properties ?? []).map(({ key, value }) => [String(key.name), value]),
    );
    for (const name of columnArguments) {
      for (const element of given[name]?.elements ?? []) read.add(String(element.value));
    }
    if (node.callee.name === "filter") filters.push(given.fn?.location?.source ?? "");
    if (node.callee.name === "set") made.add(String(given.key?.value)).add(String(given.value?.value));
    if (["map", "reduce"].includes(node.callee.name)) for (const key of recordKeys(given.fn)) made.add(key);
  }

  visit(new Flux(query).ast());
  return { compared, read, made, filters };
}

/** `temperature` of `r.temperature`. */
function columnOf({ type, object, property }: Node): string | undefined {
  return type === "MemberExpression" && object?.name === "r" ? property?.name : undefined;
}

/** The columns of the records that a function makes, and the names that it gives to `_field`. */
function recordKeys(node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap(recordKeys);
  if (typeof node !== "object" || node === null) return [];
  const own = ((node as Node).properties ?? []).flatMap(({ key, value }) =>
    key.name === "_field" && value?.type === "StringLiteral" ? [String(value.value)] : [String(key.name)],
  );
  return (node as Node).type === "ObjectExpression" ? own : Object.values(node).flatMap(recordKeys);
}
