/** Old readings are thinned in the running stack, and the dashboards show them and the younger ones. */
import { type HistoryResponse, isoTimeOf, type StateResponse } from "@azru/contracts";
import { dashboards, queriesOf } from "../deployment/grafana.ts";
import { grafana, withVariables } from "./grafana.ts";
import { type Stack, until } from "./stack.ts";
import { expect, type Step } from "./step.ts";

const minute_ms = 60_000;
const hour_ms = 3_600_000;
const day_ms = 86_400_000;
const room = "living-room";
const rawDays = 30;
/** Whole days before the home's: one beyond `rawDays`, one within. */
const oldDays = 40;
const youngDays = 20;

/** An hour of a simulated home with a reading a minute, 15 to 29 degrees in each quarter. */
function hourOf(startMs: number): string {
  return Array.from(
    { length: 60 },
    (_, minute) =>
      `sensors,location=${room},simulated=true temperature=${15 + (minute % 15)} ${startMs + minute * minute_ms}`,
  ).join("\n");
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
}

/** What is stored of an hour. */
async function storedIn(stack: Stack, startMs: number): Promise<readonly unknown[]> {
  const range = new URLSearchParams({ start: isoTimeOf(startMs), stop: isoTimeOf(startMs + hour_ms) });
  const { columns } = await stack.api<HistoryResponse>(`/history?series=sensors.temperature&${range}`);
  return columns.find(({ tags }) => tags.location === room)?.value ?? [];
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

export const retention: Step = {
  name: "readings older than AZRU_RAW_DAYS are thinned to one a quarter of an hour, and dashboards show both",
  run: async (stack) => {
    const { time } = await stack.api<StateResponse>("/state");
    const today_ms = Math.floor(Date.parse(time) / day_ms) * day_ms;
    const oldMs = today_ms - oldDays * day_ms;
    const youngMs = today_ms - youngDays * day_ms;
    await write(stack, `${hourOf(oldMs)}\n${hourOf(youngMs)}`);
    expect((await storedIn(stack, oldMs)).length === 60, "the old readings were not stored");
    stack.set("AZRU_RAW_DAYS", `${rawDays}`);
    await stack.compose("up", "--detach");
    await stack.whenHealthy();
    // Each hour of the home's time, which is a minute of this one.
    await until(async () => {
      const values = await storedIn(stack, oldMs);
      expect(values.join() === "22,22,22,22", `of the old hour there is ${values.join()}`);
    }, 300);
    const young = await storedIn(stack, youngMs);
    expect(young.length === 60, `of the young hour there are ${young.length} readings`);
    const times = await shownIn(stack, { fromMs: oldMs, toMs: today_ms });
    const shown = (startMs: number) => times.filter((ms) => ms >= startMs && ms < startMs + hour_ms).length;
    expect(
      shown(oldMs) === 4 && shown(youngMs) === 60,
      `the panel shows ${shown(oldMs)} of 4 old and ${shown(youngMs)} of 60 young readings`,
    );
    return `of 60 readings ${oldDays} days ago 4 are left, of 60 ${youngDays} days ago all`;
  },
};
