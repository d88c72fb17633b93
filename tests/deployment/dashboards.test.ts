/** Grafana's dashboards and alert rules against the contracts, the Flux compiler and the rest of the deployment. */
import { planLeads_h, type SeriesName, series, valveSourceSchema } from "@azru/contracts";
import { describe, expect, it } from "vitest";
import { mountsOf, services } from "./compose.ts";
import { isValidFlux, namesIn } from "./flux.ts";
import {
  alertQueries,
  alertRules,
  type Dashboard,
  dashboards,
  type Panel,
  provisioned,
  queriesOf,
  substitute,
} from "./grafana.ts";
import { textOf } from "./repository.ts";

const asSent = (query: string) =>
  substitute(query, {
    bucket: "home-energy",
    start: "2026-01-11T00:00:00Z",
    stop: "2026-01-12T00:00:00Z",
    variables: {
      home: "not exists r.simulated",
      room: "living-room",
      run_a: "a",
      run_b: "b",
      comfort_min: "19",
      comfort_max: "28",
    },
  });

const live = dashboards.find(({ uid }) => uid === "azru-live")!;
const batch = dashboards.find(({ uid }) => uid === "azru-batch")!;
const allQueries = [...dashboards.flatMap(queriesOf), ...alertQueries];

describe("every Flux query", () => {
  it.each(allQueries)("compiles: $place", ({ query }) => {
    expect(asSent(query)).not.toMatch(/\$|\bv\./);
    expect(isValidFlux(asSent(query))).toBe(true);
  });

  it.each(allQueries)("names what the contracts define: $place", ({ query }) => {
    const { compared, read, made } = namesIn(asSent(query));
    const measurements = [...(compared.get("_measurement") ?? [])];
    expect(Object.keys(series)).toEqual(expect.arrayContaining(measurements));
    if (measurements.length === 0) return; // a variable's list of tags, or a constant line

    const definitions = measurements.map((name) => series[name as SeriesName]);
    const fields = definitions.flatMap((definition) => Object.keys(definition.fields));
    const tags = definitions.flatMap((definition) => Object.keys(definition.tags));
    expect(fields).toEqual(expect.arrayContaining([...(compared.get("_field") ?? [])]));
    const own = ["_time", "_value", "_field", "_measurement", ...measurements, ...made, ...compared.keys()];
    expect([...own, ...fields, ...tags]).toEqual(expect.arrayContaining([...read]));
    const filtered = [...compared.keys()].filter((column) => !column.startsWith("_"));
    expect(tags).toEqual(expect.arrayContaining(filtered));
    for (const definition of definitions) {
      if (compared.has("location")) expect(definition.tags).toHaveProperty("location");
    }
  });

  it.each(allQueries)("compares with values that are written: $place", ({ query }) => {
    const { compared } = namesIn(asSent(query));
    const leads = ["latest", ...planLeads_h.map((lead_h) => `${lead_h}h`)];
    expect(leads).toEqual(expect.arrayContaining([...(compared.get("lead") ?? [])]));
    expect(valveSourceSchema.options).toEqual(expect.arrayContaining([...(compared.get("source") ?? [])]));
    expect(["optimal", "failed"]).toEqual(expect.arrayContaining([...(compared.get("_value") ?? [])]));
  });

  it("would fail with a function, a type or a field that does not exist", () => {
    const { query } = queriesOf(live).find(({ place }) => place.includes("Temperatures, A"))!;
    expect(isValidFlux(asSent(query.replace("aggregateWindow", "aggregateWindows")))).toBe(false);
    expect(isValidFlux(asSent(query.replace("fn: mean", 'fn: "mean"')))).toBe(false);
    expect(namesIn(query.replace("external_temperature", "outdoor")).compared.get("_field")).toContain(
      "outdoor",
    );
  });
});

describe("which points are shown", () => {
  const reading = (queries: readonly { query: string; place: string }[]) =>
    queries.filter(({ query }) => query.includes("_measurement"));

  it.each(reading([...queriesOf(live), ...alertQueries]))("batch runs are left out: $place", ({ query }) => {
    const { filters, compared } = namesIn(asSent(query));
    const measurements = [...(compared.get("_measurement") ?? [])] as SeriesName[];
    const isLiveAlone =
      measurements.length > 0 && measurements.every((name) => !("run" in series[name].tags));
    if (isLiveAlone) return;
    const source = filters.find((filter) => filter.includes("_measurement"));
    expect(source ?? asSent(query)).toContain("not exists r.run");
  });

  it.each(reading(queriesOf(batch)).filter(({ query }) => query.includes("from(")))(
    "batch runs alone: $place",
    ({ query }) => {
      expect(
        namesIn(asSent(query)).filters.some((filter) => /r\.run == |(?<!not )exists r\.run/.test(filter)),
      ).toBe(true);
    },
  );
});

it.each(
  queriesOf(live).filter(({ query, place }) => query.includes("_measurement") && !place.includes("variable")),
)("a real and a simulated home are not mixed: $place", ({ query }) => {
  const source = namesIn(asSent(query)).filters.find((filter) => filter.includes("_measurement"));
  expect(source).toContain("not exists r.simulated");
});

describe.each(dashboards)("dashboard $title", (dashboard: Dashboard) => {
  const panels = dashboard.panels.filter(({ type }) => type !== "row");

  it("has panels with a number, a title and a description of their own", () => {
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
    for (const { title, description } of panels) {
      expect(title).not.toBe("");
      expect(description, title).toMatch(/\.$/);
    }
  });

  it("lays no panel over another", () => {
    for (const [i, a] of dashboard.panels.entries()) {
      expect(a.gridPos.x + a.gridPos.w).toBeLessThanOrEqual(24);
      for (const b of dashboard.panels.slice(i + 1))
        expect(overlap(a, b), `${a.title} and ${b.title}`).toBe(false);
    }
  });

  it("gives each curve a unit", () => {
    for (const { type, title, fieldConfig } of panels) {
      if (type === "timeseries") expect(fieldConfig?.defaults.unit, title).toBeTruthy();
    }
  });

  it("asks the provisioned data source", () => {
    const [source] = provisioned<{ datasources: { uid: string }[] }>("datasources/influxdb.yaml").datasources;
    const asked = panels.flatMap(({ targets = [] }) => targets.map(({ datasource }) => datasource.uid));
    expect(new Set(asked)).toEqual(new Set([source.uid]));
  });

  it("uses variables that it has", () => {
    const names = dashboard.templating.list.map(({ name }) => name);
    for (const { query, place } of queriesOf(dashboard)) {
      const used = [...query.matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name);
      expect(names, place).toEqual(expect.arrayContaining(used));
    }
  });

  it.each(panels)("dresses only columns that come: $title", ({ targets = [], fieldConfig }) => {
    const come = targets.flatMap(({ query }) => {
      const { compared, read, made } = namesIn(asSent(query));
      return [...(compared.get("_field") ?? []), ...read, ...made];
    });
    const dressed = (fieldConfig?.overrides ?? []).map(({ matcher }) => matcher.options);
    expect(come).toEqual(expect.arrayContaining(dressed));
  });
});

it("shows every field of sensors, estimate, tariff and optimiser that people want to see", () => {
  const shown = new Set(
    queriesOf(live).flatMap(({ query }) => [...(namesIn(query).compared.get("_field") ?? [])]),
  );
  const left = new Set([
    "heating_cost_cumulative",
    "battery",
    "colour_code",
    "evidence",
    "id",
    "heating_power",
    "planned_power",
  ]);
  for (const name of ["sensors", "estimate", "tariff", "mpc"] as const) {
    const wanted = Object.keys(series[name].fields).filter((field) => !left.has(field));
    expect([...shown]).toEqual(expect.arrayContaining(wanted));
  }
});

it("shades the band of what is estimated between two curves that come", () => {
  const { targets = [], fieldConfig } = live.panels.find(({ title }) => title === "Walls, estimated")!;
  const made = targets.flatMap(({ query }) => [...namesIn(query).made]);
  const lower = (fieldConfig?.overrides ?? []).flatMap(({ properties }) =>
    properties.flatMap(({ id, value }) => (id === "custom.fillBelowTo" ? [value] : [])),
  );
  expect(lower).toHaveLength(1);
  expect(made).toContain(lower[0]);
});

describe("alert rules", () => {
  it.each(alertRules)("$uid evaluates what it asks", ({ condition, data }) => {
    const refIds = data.map(({ refId }) => refId);
    expect(refIds).toContain(condition);
    for (const { refId, model } of data) {
      expect(model.refId).toBe(refId);
      if (model.expression) expect(refIds).toContain(model.expression);
    }
  });

  it.each(alertQueries)("looks at the real home up to now: $place", ({ query }) => {
    const sources = namesIn(asSent(query)).filters.filter((filter) => filter.includes("_measurement"));
    expect(sources.length).toBeGreaterThan(0);
    for (const source of sources) expect(source).toContain("not exists r.simulated");
    const ranges = query.match(/range\(.*\)/g) ?? [];
    expect(ranges).toHaveLength(sources.length);
    for (const range of ranges) expect(range).toBe("range(start: v.timeRangeStart, stop: now())");
  });

  it("hold nothing that Grafana would take for a variable", () => {
    expect(textOf("grafana/provisioning/alerting/azru.yaml")).not.toContain("$");
  });
});

describe("the data source", () => {
  const [source] = provisioned<{
    datasources: {
      url: string;
      jsonData: { organization: string; defaultBucket: string };
      secureJsonData: { token: string };
    }[];
  }>("datasources/influxdb.yaml").datasources;

  it("is the InfluxDB that compose sets up", () => {
    expect(services.influxdb.environment).toMatchObject({
      DOCKER_INFLUXDB_INIT_ORG: source.jsonData.organization,
      DOCKER_INFLUXDB_INIT_BUCKET: source.jsonData.defaultBucket,
    });
    expect(source.url).toBe(services.core.environment!.INFLUXDB_URL);
  });

  it("reads its token where compose mounts it", () => {
    const { target } = mountsOf(services.grafana).find(({ source }) => source === "secrets-grafana")!;
    expect(source.secureJsonData.token).toBe(`$__file{${target}/influxdb_token}`);
  });
});

function overlap({ gridPos: a }: Panel, { gridPos: b }: Panel): boolean {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}
