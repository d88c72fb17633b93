/** Old readings are thinned in the running stack; history, page and dashboards show them and the younger ones. */
import { type HistoryResponse, isoTimeOf, type StateResponse } from "@azru/contracts";
import { chromiumPath, launchChromium, pixels } from "@azru/page/testing";
import { pastCourseOf } from "../../services/core/src/dashboard/page/course.ts";
import { savingOf } from "../../services/core/src/dashboard/page/saving.ts";
import { dashboards, queriesOf } from "../deployment/grafana.ts";
import { grafana, withVariables } from "./grafana.ts";
import type { Stack } from "./stack.ts";
import { expect, type Step } from "./step.ts";

const hour_ms = 3_600_000;
const day_ms = 24 * hour_ms;
const room = "living-room";
const rawDays = 30;
const pastDays = 91;
const monthDays = 30;
/** Between two readings. */
const sample_ms = 300_000;
const perHour = hour_ms / sample_ms;
const perDay = 24 * perHour;
/** What the home pays from one reading to the next, and the thermostat. */
const paid_eur = 0.001;
const baseline_eur = 0.0012;

interface Range {
  readonly startMs: number;
  readonly stopMs: number;
}

/** Of a day: constant power, steadily growing costs, and a temperature of the day that rises in each quarter of an hour. */
function readingsOf(dayMs: number, daysAgo: number): string {
  return Array.from({ length: perDay }, (_, i) => {
    const timeMs = dayMs + i * sample_ms;
    const before = (pastDays - daysAgo) * perDay + i;
    const values = (eur: number) =>
      `temperature=${17 + (daysAgo % 5) + (i % 3) / 3},power_consumption=500,heating_cost_cumulative=${before * eur} ${timeMs}`;
    return [
      `sensors,location=${room},simulated=true ${values(paid_eur)}`,
      `baseline,location=${room},simulated=true ${values(baseline_eur)}`,
      `savings,simulated=true cost=${before * paid_eur},baseline_cost=${before * baseline_eur} ${timeMs}`,
    ].join("\n");
  }).join("\n");
}

async function write(stack: Stack, lines: string): Promise<void> {
  const place = new URLSearchParams({ org: "azru", bucket: "home-energy", precision: "ms" });
  const token = await stack.secret("core/influxdb_token");
  const response = await fetch(`http://127.0.0.1:8086/api/v2/write?${place}`, {
    method: "POST",
    headers: { authorization: `Token ${token}` },
    body: lines,
  });
  const text = await response.text();
  expect(response.status === 204, `InfluxDB answers ${response.status}: ${text}`);
  stack.goesOn();
}

function storedIn(stack: Stack, series: string, { startMs, stopMs }: Range, every?: string) {
  const query = { series, start: isoTimeOf(startMs), stop: isoTimeOf(stopMs), ...(every && { every }) };
  return stack.api<HistoryResponse>(`/history?${new URLSearchParams(query)}`);
}

async function historyOf(stack: Stack, series: string, range: Range, every?: string) {
  const history = await storedIn(stack, series, range, every);
  return { ...history, columns: history.columns.filter(({ tags }) => tags.location === room) };
}

async function temperaturesIn(stack: Stack, range: Range): Promise<readonly unknown[]> {
  return (await historyOf(stack, "sensors.temperature", range)).columns[0]?.value ?? [];
}

/** A month as the page has it: the line of temperatures, and what was paid. */
async function monthOf(stack: Stack, range: Range) {
  const none = await historyOf(stack, "comfort.min", range);
  const past = {
    sensors: await historyOf(stack, "sensors.temperature", range, "3h"),
    actuators: none,
    tariff: none,
    comfort: none,
  };
  const { measured_c } = pastCourseOf(past, {
    startMs: range.startMs,
    endMs: range.stopMs,
    nowMs: range.stopMs,
  });
  const withBefore = { startMs: range.startMs - day_ms, stopMs: range.stopMs + 1 };
  const saving = savingOf({
    ...range,
    paid: await storedIn(stack, "savings.cost", withBefore),
    baseline: await storedIn(stack, "savings.baseline_cost", withBefore),
    power: await historyOf(stack, "sensors.power_consumption", range, "1h"),
    baselinePower: await historyOf(stack, "baseline.power_consumption", range, "1h"),
  });
  expect(saving !== undefined, "the month has no costs");
  return { line_c: measured_c.filter((value) => value !== undefined), saving };
}
type Month = Awaited<ReturnType<typeof monthOf>>;

function expectSame(what: string, before: Month, after: Month): void {
  const windows = (monthDays * 24) / 3;
  expect(
    before.line_c.length === windows && after.line_c.length === windows,
    `${what}: the line has ${before.line_c.length} points, then ${after.line_c.length}, not ${windows}`,
  );
  for (const [i, value_c] of after.line_c.entries()) {
    const same = value_c !== null && Math.abs(value_c - (before.line_c[i] ?? Number.NaN)) < 1e-6;
    expect(same, `${what}: point ${i} of the line was ${before.line_c[i]} and is ${value_c}`);
  }
  const parts = [
    ["paid_eur", 1.5 * paid_eur],
    ["baseline_eur", 1.5 * baseline_eur],
    ["energy_kwh", 1e-6],
  ] as const;
  for (const [part, tolerance] of parts) {
    const [was, is] = [before.saving[part] ?? Number.NaN, after.saving[part] ?? Number.NaN];
    expect(Math.abs(was - is) <= tolerance, `${what}: ${part} was ${was} and is ${is}`);
  }
}

/** Times of the points that the panel of the temperatures has in a range. */
async function shownIn(stack: Stack, range: { fromMs: number; toMs: number }): Promise<number[]> {
  const page = grafana(await stack.secret("grafana/admin_password"));
  const query = dashboards
    .flatMap(queriesOf)
    .find(({ place }) => place === "Azru: the home, Temperatures, A")!;
  const frames = await page.query(withVariables(query, room), range);
  return frames.flatMap(({ schema, data }) => {
    const column = schema.fields.findIndex(({ type }) => type === "time");
    return data.values[column].map((time) => new Date(time as number | string).getTime());
  });
}

/** Turns the page's history back by months, and reads what it says of the two before the present one. */
async function readPage(stack: Stack): Promise<string> {
  if (!chromiumPath) return "the page was not looked at: no Chromium";
  const browser = await launchChromium();
  try {
    const page = await browser.newPage({ locale: "en-GB" });
    await page.goto("http://127.0.0.1:8000/", { waitUntil: "load", timeout: 120_000 });
    await page.locator("#history > summary").click({ timeout: 120_000 });
    await page.locator("#history-month").click();
    const said: string[] = [];
    for (let months = 1; months <= 2; months++) {
      const before = await page.locator("#history-period").textContent();
      await page.locator("#history-earlier").click();
      said.push(
        await stack.until(async () => {
          const period = (await page.locator("#history-period").textContent()) ?? "";
          expect(period !== before, `the page shows ${period}`);
          const saving = (await page.locator("#history-saving").textContent()) ?? "";
          const [, euros] = /^Paid: €(\d+\.\d\d)/.exec(saving) ?? [];
          const expected = monthDays * perDay * paid_eur;
          // An hour at the ends, and one where the clocks change.
          expect(
            Math.abs(Number(euros) - expected) < 3 * perHour * paid_eur,
            `${period}: ${saving}, expected ${expected}`,
          );
          const canvas = page.locator("#history-chart canvas");
          const label = (await canvas.getAttribute("aria-label")) ?? "";
          expect(/17\.3\s°C – 21\.3\s°C/.test(label), `${period}: the chart is described as ${label}`);
          const drawn = await pixels(canvas, "--accent");
          expect(drawn > 100, `${period}: the line of temperatures has ${drawn} pixels`);
          return `${period}: ${saving.split("\n")[0]}`;
        }, 120),
      );
    }
    return `the page by months: ${said.join("; ")}`;
  } finally {
    await browser.close();
  }
}

export const retention: Step = {
  name: "readings older than AZRU_RAW_DAYS are thinned to one a quarter of an hour; history, page and dashboards show both",
  run: async (stack) => {
    const { time } = await stack.api<StateResponse>("/state");
    const today_ms = Math.floor(Date.parse(time) / day_ms) * day_ms;
    const dayMs = (daysAgo: number) => today_ms - daysAgo * day_ms;
    for (let daysAgo = pastDays; daysAgo > 0; daysAgo--)
      await write(stack, readingsOf(dayMs(daysAgo), daysAgo));
    const old = { startMs: dayMs(89), stopMs: dayMs(89 - monthDays) };
    const border = { startMs: dayMs(59), stopMs: dayMs(59 - monthDays) };
    const before = { old: await monthOf(stack, old), border: await monthOf(stack, border) };
    stack.set("AZRU_RAW_DAYS", `${rawDays}`);
    await stack.compose("up", "--detach");
    await stack.whenHealthy();
    // Each hour of the home's time, which is a minute of this one.
    const lastThinned = { startMs: dayMs(rawDays + 1), stopMs: dayMs(rawDays + 1) + hour_ms };
    await stack.until(async () => {
      const values = await temperaturesIn(stack, lastThinned);
      expect(values.length === 4, `of the last hour to be thinned there are ${values.length} readings`);
    }, 600);
    const thinned = await temperaturesIn(stack, old);
    expect(thinned.length === monthDays * 24 * 4, `the old month has ${thinned.length} readings`);
    const young = { startMs: dayMs(20), stopMs: dayMs(20) + hour_ms };
    const kept = await temperaturesIn(stack, young);
    expect(kept.length === perHour, `of an hour 20 days ago there are ${kept.length} readings`);
    expectSame("a month of old readings", before.old, await monthOf(stack, old));
    expectSame("a month of both", before.border, await monthOf(stack, border));
    const times = await shownIn(stack, { fromMs: dayMs(40), toMs: today_ms });
    const shown = (startMs: number) => times.filter((ms) => ms >= startMs && ms < startMs + hour_ms).length;
    expect(
      shown(dayMs(40)) === 4 && shown(dayMs(20)) === perHour,
      `the panel shows ${shown(dayMs(40))} of 4 old and ${shown(dayMs(20))} of ${perHour} young readings`,
    );
    return `a month has ${thinned.length} readings of ${monthDays * perDay}, and the same line and costs\n${await readPage(stack)}`;
  },
};
