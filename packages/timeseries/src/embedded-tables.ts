/** Measurements, fields, series and points in the tables of the embedded store's file. */
import type { Point } from "@azru/contracts";
import type { DatabaseHandle } from "./database.ts";
import type { FieldValue } from "./store.ts";

type Kind = "number" | "string" | "boolean";
type Statement = ReturnType<DatabaseHandle["prepare"]>;
type Tags = Readonly<Record<string, string>>;

const columnTypes: Record<Kind, string> = { number: "REAL", string: "TEXT", boolean: "INTEGER" };
const maxVariables = 32_766; // of one SQLite statement
const rowsAStatement = [128, 16, 1];

export interface PointsTable {
  readonly id: number;
  readonly measurement: string;
  readonly name: string;
}

export interface FieldColumn {
  readonly field: string;
  readonly kind: Kind;
  readonly name: string;
}

export interface StoredSeries {
  readonly id: number;
  readonly tags: Tags;
}

/** What is known of a measurement; other processes only ever add to it. */
interface Known {
  readonly table: PointsTable;
  readonly columns: Map<string, FieldColumn>;
  readonly seriesIds: Map<string, number>;
  readonly upserts: Map<number, Statement>; // by rows
}

export class EmbeddedTables {
  readonly #db: DatabaseHandle;
  readonly #known = new Map<string, Known>();

  constructor(db: DatabaseHandle) {
    this.#db = db;
  }

  /** Drops what is remembered of the file, after a transaction that came to nothing. */
  forget(): void {
    this.#known.clear();
  }

  all(): PointsTable[] {
    const rows = this.#db.prepare("SELECT id, name FROM measurement").raw().all() as [number, string][];
    return rows.map(([id, measurement]) => pointsTable(id, measurement));
  }

  find(measurement: string): PointsTable | undefined {
    const id = this.#id("SELECT id FROM measurement WHERE name = ?", measurement);
    return id === undefined ? undefined : pointsTable(id, measurement);
  }

  /** The fields of a measurement. */
  fields(table: PointsTable): FieldColumn[] {
    const rows = this.#db
      .prepare("SELECT id, name, kind FROM field WHERE measurement = ?")
      .raw()
      .all(table.id) as [number, string, Kind][];
    return rows.map(([id, field, kind]) => ({ field, kind, name: `f${id}` }));
  }

  /** The series of a measurement. */
  series(table: PointsTable): StoredSeries[] {
    const rows = this.#db
      .prepare("SELECT id, tags FROM series WHERE measurement = ?")
      .raw()
      .all(table.id) as [number, string][];
    return rows.map(([id, tags]) => ({ id, tags: JSON.parse(tags) as Tags }));
  }

  /**
   * Inserts points, within a transaction of the caller.
   *
   * @returns why points were left out: a field that holds another kind of value
   */
  insert(points: readonly Point[]): string[] {
    const conflicts: string[] = [];
    for (const [measurement, group] of byMeasurement(points)) {
      const known = this.#known.get(measurement) ?? this.#learn(measurement);
      const accepted = group.filter((point) => {
        const conflict = this.#addColumns(known, point.fields);
        if (conflict !== undefined) conflicts.push(conflict);
        return conflict === undefined;
      });
      this.#upsert(known, accepted);
    }
    return conflicts;
  }

  #learn(measurement: string): Known {
    let table = this.find(measurement);
    if (!table) {
      const { lastInsertRowid } = this.#db
        .prepare("INSERT INTO measurement (name) VALUES (?)")
        .run(measurement);
      table = pointsTable(Number(lastInsertRowid), measurement);
      this.#db.exec(
        `CREATE TABLE ${table.name} (series INTEGER NOT NULL, time_ms INTEGER NOT NULL,
         PRIMARY KEY (series, time_ms)) WITHOUT ROWID`,
      );
    }
    const columns = new Map(this.fields(table).map((column) => [column.field, column]));
    const known = {
      table,
      columns,
      seriesIds: new Map<string, number>(),
      upserts: new Map<number, Statement>(),
    };
    this.#known.set(measurement, known);
    return known;
  }

  /** Adds the columns of fields that are new, unless one of the point's fields is of another kind. */
  #addColumns(known: Known, fields: Point["fields"]): string | undefined {
    const missing: string[] = [];
    for (const field in fields) {
      const column = known.columns.get(field);
      if (column === undefined) missing.push(field);
      else if (column.kind !== typeof fields[field]) return conflictMessage(known, column, fields[field]);
    }
    if (missing.length === 0) return undefined;
    for (const column of this.fields(known.table)) {
      if (!known.columns.has(column.field)) known.columns.set(column.field, column); // by another process
    }
    known.upserts.clear();
    for (const field of missing) {
      const column = known.columns.get(field);
      if (column && column.kind !== typeof fields[field])
        return conflictMessage(known, column, fields[field]);
    }
    for (const field of missing) {
      if (!known.columns.has(field)) this.#addColumn(known, field, typeof fields[field] as Kind);
    }
    return undefined;
  }

  #addColumn({ table, columns }: Known, field: string, kind: Kind): void {
    const { lastInsertRowid } = this.#db
      .prepare("INSERT INTO field (measurement, name, kind) VALUES (?, ?, ?)")
      .run(table.id, field, kind);
    const name = `f${lastInsertRowid}`;
    this.#db.exec(`ALTER TABLE ${table.name} ADD COLUMN ${name} ${columnTypes[kind]}`);
    columns.set(field, { field, kind, name });
  }

  #upsert(known: Known, points: readonly Point[]): void {
    const columns = [...known.columns.values()];
    const width = columns.length + 2;
    let done = 0;
    for (const rows of rowsAStatement) {
      if (rows > 1 && rows * width > maxVariables) continue;
      while (points.length - done >= rows) {
        const values: (number | string | null)[] = [];
        for (const point of points.slice(done, done + rows)) {
          values.push(this.#seriesId(known, point.tags), point.timeMs);
          for (const { field } of columns) {
            values.push(Object.hasOwn(point.fields, field) ? toColumn(point.fields[field]) : null);
          }
        }
        this.#upsertStatement(known, columns, rows).run(values);
        done += rows;
      }
    }
  }

  #upsertStatement(known: Known, columns: readonly FieldColumn[], rows: number): Statement {
    let statement = known.upserts.get(rows);
    if (!statement) {
      const names = columns.map((column) => column.name);
      const row = `(${"?, ".repeat(names.length + 1)}?)`;
      statement = this.#db.prepare(
        `INSERT INTO ${known.table.name} (series, time_ms, ${names.join(", ")})
         VALUES ${Array.from({ length: rows }, () => row).join(", ")}
         ON CONFLICT DO UPDATE SET ${names.map((name) => `${name} = coalesce(excluded.${name}, ${name})`).join(", ")}`,
      );
      known.upserts.set(rows, statement);
    }
    return statement;
  }

  #seriesId({ table, seriesIds }: Known, tags: Tags): number {
    const key = canonical(tags);
    let id = seriesIds.get(key);
    if (id === undefined) {
      id =
        this.#id("SELECT id FROM series WHERE measurement = ? AND tags = ?", table.id, key) ??
        Number(
          this.#db.prepare("INSERT INTO series (measurement, tags) VALUES (?, ?)").run(table.id, key)
            .lastInsertRowid,
        );
      seriesIds.set(key, id);
    }
    return id;
  }

  #id(sql: string, ...parameters: (string | number)[]): number | undefined {
    return (
      this.#db
        .prepare(sql)
        .raw()
        .get(...parameters) as [number] | undefined
    )?.[0];
  }
}

/** Those series that carry the tags, and lack those that are null. */
export function matchingSeries(
  series: readonly StoredSeries[],
  wanted: Readonly<Record<string, string | null>> = {},
): StoredSeries[] {
  const conditions = Object.entries(wanted);
  return series.filter(({ tags }) =>
    conditions.every(([tag, value]) => (Object.hasOwn(tags, tag) ? tags[tag] : null) === value),
  );
}

function byMeasurement(points: readonly Point[]): Map<string, Point[]> {
  const groups = new Map<string, Point[]>();
  for (const point of points) {
    const group = groups.get(point.measurement);
    if (group) group.push(point);
    else groups.set(point.measurement, [point]);
  }
  return groups;
}

function pointsTable(id: number, measurement: string): PointsTable {
  return { id, measurement, name: `points_${id}` };
}

function canonical(tags: Tags): string {
  const keys = Object.keys(tags);
  if (keys.length < 2) return JSON.stringify(tags);
  // An array, as an object would put keys that look like integers first.
  return `{${keys
    .sort()
    .map((key) => `${JSON.stringify(key)}:${JSON.stringify(tags[key])}`)
    .join(",")}}`;
}

function toColumn(value: FieldValue): number | string {
  return typeof value === "boolean" ? Number(value) : value; // libsql takes no booleans
}

function conflictMessage({ table }: Known, column: FieldColumn, value: unknown): string {
  return `field ${column.field} of ${table.measurement} holds ${column.kind} values, got ${typeof value} ${JSON.stringify(value)}`;
}
