import { expect, it } from "vitest";
import { createHeaterGroup } from "./heater-group.ts";

const minute_ms = 60_000;
const heater = { rated_w: 2000, period_ms: 15 * minute_ms, minimumOn_ms: 0, minimumOff_ms: 0 };

it("heaters keep within what the meter leaves, for as long as its reading counts", () => {
  const group = createHeaterGroup([[heater], [heater]], { subscribed_kva: 6, base_load_w: 1000 }, 0);
  const on = (minutes: number) =>
    group
      .step(minutes * minute_ms, [[1], [1]])
      .flat()
      .filter(({ isOn }) => isOn).length;
  expect(on(1)).toBe(2);
  group.measure(6500, 1 * minute_ms); // 2.5 kW beside the heaters
  expect(on(2)).toBe(1);
  expect(on(11)).toBe(1);
  expect(on(20)).toBe(2);
});

it("a cold room is heated before the others store heat, where power is short", () => {
  const group = createHeaterGroup(
    [[heater], [heater], [heater]],
    { subscribed_kva: 5, base_load_w: 1000 },
    0,
  );
  const on_min = [0, 0, 0];
  const live = (from: number, until: number, areCold: readonly boolean[]) => {
    on_min.fill(0);
    for (let minute = from; minute < until; minute++)
      group.step(minute * minute_ms, [[1], [1], [1]], areCold).forEach(([{ isOn }], i) => {
        if (isOn) on_min[i]++;
      });
    return on_min.map((minutes) => minutes / (until - from));
  };
  const alike = live(0, 600, []);
  for (const share of alike) expect(share).toBeCloseTo(2 / 3, 1);
  const [cold, ...others] = live(600, 1200, [true, false, false]);
  expect(cold).toBeGreaterThan(0.98);
  for (const share of others) expect(share).toBeCloseTo(0.5, 1);
});
