/** Grafana as its pages ask it: over its API, with the owner's account. */
import { dashboards, type PlacedQuery } from "../deployment/grafana.ts";

const url = "http://127.0.0.1:3000";

/** A table as Grafana gives it to its pages. */
interface Frame {
  readonly schema: { readonly fields: readonly { readonly name: string; readonly type?: string }[] };
  readonly data: { readonly values: readonly (readonly unknown[])[] };
}

interface QueryAnswer {
  readonly results: Readonly<
    Record<
      string,
      {
        readonly status: number;
        readonly error?: string;
        readonly frames?: readonly Frame[];
      }
    >
  >;
}

export interface Grafana {
  get<T>(path: string): Promise<T>;
  /** What a query gives; tables without rows are left out. */
  query(query: PlacedQuery, range: { fromMs: number; toMs: number }): Promise<Frame[]>;
}

export function grafana(password: string): Grafana {
  const headers = {
    authorization: `Basic ${Buffer.from(`admin:${password}`).toString("base64")}`,
    "content-type": "application/json",
  };
  const call = async <T>(path: string, body?: object): Promise<T> => {
    const response = await fetch(`${url}${path}`, {
      headers,
      ...(body && { method: "POST", body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (response.ok || response.status === 400) return JSON.parse(text) as T;
    throw new Error(`Grafana answers ${response.status} to ${path}: ${text.slice(0, 300)}`);
  };
  return {
    get: (path) => call(path),
    query: async ({ place, query }, { fromMs, toMs }) => {
      const datasource = { type: "influxdb", uid: "influxdb" };
      const asked = { refId: "A", datasource, query, intervalMs: 60_000, maxDataPoints: 500 };
      const body = { queries: [asked], from: `${fromMs}`, to: `${toMs}` };
      const { results } = await call<QueryAnswer>("/api/ds/query", body);
      const { status, error, frames = [] } = results.A;
      if (status !== 200 || error) throw new Error(`${place} fails: ${error}`);
      return frames.filter(({ data }) => (data.values[0]?.length ?? 0) > 0);
    },
  };
}

/** The last number of each table. */
export function lastNumbers(frames: readonly Frame[]): number[] {
  return frames.map(({ schema, data }) => {
    const column = schema.fields.findIndex(({ type }) => type === "number");
    return Number(data.values[column]?.at(-1));
  });
}

/** A query with the variables of its dashboard put in, as the page does it. */
export function withVariables({ place, query }: PlacedQuery, room: string): PlacedQuery {
  const values: Readonly<Record<string, string>> = {
    room,
    home: "exists r.simulated",
    run_a: "none",
    run_b: "none",
    comfort_min: "19",
    comfort_max: "28",
  };
  return { place, query: query.replaceAll(/\$\{(\w+)\}/g, (all, name: string) => values[name] ?? all) };
}

export const dashboardUids = dashboards.map(({ uid }) => uid).sort();
