import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { isoTimeOf, topics } from "@azru/contracts";
import { respond } from "@azru/messaging";
import { brokers } from "@azru/messaging/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { soundPlan } from "./testing/sound-plan.ts";
import { type Device, startMs, startTestHome, stepMs, type TestHome } from "./testing/test-home.ts";

const hour = 3_600_000;
let home: TestHome;
let device: Device;
beforeEach(async () => {
  home = await startTestHome(brokers[0]);
  device = await home.device();
  respond(device.messenger, topics.mpcRequest, topics.mpcPlan, ({ id, start, problem }) =>
    soundPlan({ id, startMs: Date.parse(start), valve_position: 0 }, problem),
  );
});
afterEach(() => home.stop());

test.each([
  ["March", "2026-03-28T23:00:00Z", "2026-03-29T04:00:00Z"],
  ["October", "2026-10-25T00:00:00Z", "2026-10-25T05:00:00Z"],
])(
  "the night of %s in which the clocks change has every decision, and its Tempo day begins at 6",
  async (_, from, six) => {
    const [fromMs, sixMs] = [Date.parse(from), Date.parse(six)];
    const file = join(home.folder, "colours.csv");
    const date = (timeMs: number) => isoTimeOf(timeMs).slice(0, 10);
    writeFileSync(file, `date,colour\n${date(sixMs - 24 * hour)},blue\n${date(sixMs)},white\n`);
    const { core } = await home.core({ tariffSpec: `tempo:${file}` });
    for (let timeMs = fromMs; timeMs <= sixMs; timeMs += stepMs) {
      expect(await device.decision(timeMs)).toMatchObject({ source: "mpc", sim_time: isoTimeOf(timeMs) });
      await core.idle();
      expect(core.tariff().today).toMatchObject({ colour: timeMs < sixMs ? "blue" : "white" });
    }
  },
);

test("a clock that jumps ahead by hours and days is followed at once", async () => {
  const { core } = await home.core();
  let timeMs = startMs;
  for (const ahead of [0, 3 * hour, 50 * hour, 9 * 24 * hour]) {
    timeMs += ahead;
    expect(await device.decision(timeMs)).toMatchObject({ source: "mpc", sim_time: isoTimeOf(timeMs) });
    expect(await device.decision(timeMs + stepMs)).toMatchObject({ source: "mpc" });
    await core.idle();
    expect(core.state()).toMatchObject({ failsafe: { active: false }, rooms: [{ status: "fresh" }] });
  }
});
