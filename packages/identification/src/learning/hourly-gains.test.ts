import fc from "fast-check";
import { expect, test } from "vitest";
import { createHourlyGains } from "./hourly-gains.ts";

const options = { sd_w: 300, stepsAnHour: 4, lasts_h: 4 };
const effect_k_w = 1e-3;
const noise_k2 = 0.01;

test("finds heat that comes at the same hour each day, and leaves the other hours alone", () => {
  const gains = createHourlyGains(options);
  for (let step = 0; step < 30 * 96; step++) {
    const hour = (step / 4) % 24;
    const true_w = Math.floor(hour) === 23 ? -330 : 0;
    gains.learn(hour, (true_w - gains.at_w(hour)) * effect_k_w, noise_k2, effect_k_w);
  }
  expect(gains.at_w(23.5)).toBeLessThan(-150);
  expect(gains.at_w(23.5)).toBeGreaterThan(-331);
  expect(gains.at_w(22.9)).toBe(0);
  expect(gains.at_w(24)).toBe(0);
});

test("goes on after a restart as if there had been none", () => {
  const whole = createHourlyGains(options);
  whole.learn(8.1, 0.2, noise_k2, effect_k_w);
  const resumed = createHourlyGains({ ...options, start: whole.state });
  for (const gains of [whole, resumed]) gains.learn(8.4, -0.1, noise_k2, effect_k_w);
  expect(resumed.state).toEqual(whole.state);
});

test("an hour stays within what was measured in it, whatever comes", () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { maxLength: 200 }), (misses_k) => {
      const gains = createHourlyGains(options);
      for (const miss_k of misses_k)
        gains.learn(3, miss_k - gains.at_w(3) * effect_k_w, noise_k2, effect_k_w);
      const most_w = Math.max(0, ...misses_k.map(Math.abs)) / effect_k_w;
      return Math.abs(gains.at_w(3)) <= most_w + 1e-9 && (gains.state.variance_w2[3] ?? 0) <= 300 ** 2 + 1e-6;
    }),
  );
});

test("learns nothing where heat has no effect", () => {
  const gains = createHourlyGains(options);
  gains.learn(11, 1, noise_k2, 0);
  expect(gains.at_w(11)).toBe(0);
});

test("beside another house it is as if all had been measured beside that one, under its prior", () => {
  const brief = { stepsAnHour: 1e9, lasts_h: 1e-9 }; // measurements that are independent, and nothing is forgotten
  const [changed, other] = [
    createHourlyGains({ ...brief, sd_w: 60 }),
    createHourlyGains({ ...brief, sd_w: 300 }),
  ];
  const more_w = (hour: number) => (hour < 12 ? 50 : -50);
  for (const measured_w of [180, 240, 210, 150]) {
    for (const [gains, expected_w] of [
      [changed, 0],
      [other, -50],
    ] as const)
      gains.learn(7.5, (measured_w - expected_w - gains.at_w(7.5)) * effect_k_w, noise_k2, effect_k_w);
  }
  expect(Math.abs(changed.at_w(7) - other.at_w(7))).toBeGreaterThan(20);
  changed.change({ sd_w: 300, lasts_h: 1e-9 }, more_w);
  expect(changed.at_w(7)).toBeCloseTo(other.at_w(7), 6);
  expect(changed.state.variance_w2).toEqual(other.state.variance_w2.map((v) => expect.closeTo(v, 3)));
  for (const hour of [6, 13]) expect(changed.at_w(hour)).toBeCloseTo(0, 12); // nothing was measured then
});

test("forgets towards the prior of the house that it is beside", () => {
  const gains = createHourlyGains(options);
  gains.change({ sd_w: 50, lasts_h: 4 }, () => 0);
  for (let step = 0; step < 120 * 96; step++) gains.learn(3, 0, 1e9, effect_k_w); // measurements that say nothing
  expect(Math.sqrt(gains.state.variance_w2[3])).toBeCloseTo(50, 6);
});
