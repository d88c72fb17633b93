/** Grafana's dashboards and alert rules as data. */
import { readdirSync } from "node:fs";
import { parse } from "yaml";
import { pathOf, textOf } from "./repository.ts";

interface Target {
  readonly refId: string;
  readonly query: string;
  readonly datasource: { readonly uid: string };
}

export interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly Target[];
  readonly fieldConfig?: {
    readonly defaults: { readonly unit?: string };
    readonly overrides: readonly {
      readonly matcher: { readonly id: string; readonly options: string };
      readonly properties: readonly { readonly id: string; readonly value: unknown }[];
    }[];
  };
}

export interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly panels: readonly Panel[];
  readonly templating: {
    readonly list: readonly {
      readonly name: string;
      readonly type: string;
      readonly query: string | Target;
    }[];
  };
}

export interface AlertRule {
  readonly uid: string;
  readonly condition: string;
  readonly data: readonly {
    readonly refId: string;
    readonly datasourceUid: string;
    readonly model: { readonly refId: string; readonly query?: string; readonly expression?: string };
  }[];
}

export const dashboards: readonly Dashboard[] = readdirSync(pathOf("grafana/dashboards")).map((file) =>
  JSON.parse(textOf(`grafana/dashboards/${file}`)),
);

/** A provisioning file. */
export function provisioned<T>(file: string): T {
  return parse(textOf(`grafana/provisioning/${file}`)) as T;
}

export const alertRules = provisioned<{ groups: readonly { rules: readonly AlertRule[] }[] }>(
  "alerting/azru.yaml",
).groups.flatMap(({ rules }) => rules);

/** A query and where it stands. */
export interface PlacedQuery {
  readonly place: string;
  readonly query: string;
}

/** Every query of a dashboard: of its variables and its panels. */
export function queriesOf({ title, templating, panels }: Dashboard): PlacedQuery[] {
  const variables = templating.list.flatMap(({ name, query }) =>
    typeof query === "string" ? [] : [{ place: `${title}, variable ${name}`, query: query.query }],
  );
  const targets = panels.flatMap((panel) =>
    (panel.targets ?? []).map(({ refId, query }) => ({ place: `${title}, ${panel.title}, ${refId}`, query })),
  );
  return [...variables, ...targets];
}

export const alertQueries: readonly PlacedQuery[] = alertRules.flatMap(({ uid, data }) =>
  data.flatMap(({ refId, model }) =>
    model.query ? [{ place: `${uid}, ${refId}`, query: model.query }] : [],
  ),
);

/** What Grafana puts in the place of a query's variables. */
export interface Substitution {
  readonly bucket: string;
  readonly start: string;
  readonly stop: string;
  readonly variables: Readonly<Record<string, string>>;
}

/** A query as Grafana sends it. */
export function substitute(query: string, { bucket, start, stop, variables }: Substitution): string {
  return query
    .replaceAll(/\$\{(\w+)\}/g, (all, name: string) => variables[name] ?? all)
    .replaceAll("v.defaultBucket", JSON.stringify(bucket))
    .replaceAll("v.timeRangeStart", start)
    .replaceAll("v.timeRangeStop", stop)
    .replaceAll("v.windowPeriod", "10m0s");
}
