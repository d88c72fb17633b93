import { expect, test } from "vitest";
import { normals } from "../testing/twin.ts";
import { chooseStructure, type StructureCandidate } from "./choose-structure.ts";
import type { Drive } from "./drive.ts";

const days = 12;
const steps = days * 96;
const drive: Drive = {
  dtSeconds: 900,
  theta_air_c: new Float64Array(steps).fill(20),
  heat: new Float64Array(steps),
  isMetered: true,
  theta_e_c: new Float64Array(steps),
  phi_sol_w: new Float64Array(steps),
  hour: new Float64Array(steps),
  stretches: [{ from: 0, to: steps }],
};

/** A candidate whose predictions miss by so much soon and a day ahead, by chance of each origin. */
function candidate(
  emitter: StructureCandidate["emitter"],
  { soon_k, day_k, improbability = 0 }: { soon_k: number; day_k: number; improbability?: number },
): StructureCandidate {
  const chance = normals(7);
  const predictions = Array.from({ length: (days - 1) * 24 }, (_, i) => {
    const by = chance();
    const theta_air_c = Float64Array.from(
      { length: 96 },
      (__, lead) => 20 + by * (lead < 24 ? soon_k : day_k),
    );
    return { origin: 4 * i, theta_air_c };
  });
  return { emitter, predictions, errors: { rms_k: day_k }, improbability };
}

test("an emitter that predicts a day best but not the next hours does not displace one that predicts both", () => {
  const slow = candidate("screed", { soon_k: 0.6, day_k: 0.9 });
  const fast = candidate("none", { soon_k: 0.2, day_k: 1 });
  expect(chooseStructure(drive, "none", [fast, slow])).toBe(fast);
  expect(chooseStructure(drive, "screed", [fast, slow])).toBe(fast);
});

test("of emitters that predict alike the building file's is kept, and given up for one that is clearly better", () => {
  const written = candidate("none", { soon_k: 0.3, day_k: 0.61 });
  const alike = candidate("body", { soon_k: 0.3, day_k: 0.6 });
  const better = candidate("screed", { soon_k: 0.15, day_k: 0.4 });
  expect(chooseStructure(drive, "none", [alike, written])).toBe(written);
  expect(chooseStructure(drive, "none", [alike, written, better])).toBe(better);
});

test("a difference within its standard error, which few days leave large, displaces nothing", () => {
  // Each misses one day; which of them is better, two days of eleven show.
  const written = candidate("none", { soon_k: 0.3, day_k: 0.6 });
  const lucky = candidate("body", { soon_k: 0.3, day_k: 0.6 });
  for (const { origin, theta_air_c } of written.predictions) if (origin < 96) theta_air_c.fill(23);
  for (const { origin, theta_air_c } of lucky.predictions)
    if (origin >= 480 && origin < 576) theta_air_c.fill(22.5);
  expect(chooseStructure(drive, "none", [lucky, written])).toBe(written);
  expect(chooseStructure(drive, "screed", [lucky, written])).toBe(lucky);
});

test("one day, of which no standard error can be had, displaces nothing", () => {
  const ofOneDay = ({ predictions, ...rest }: StructureCandidate) => ({
    ...rest,
    predictions: predictions.filter(({ origin }) => origin < 96),
  });
  const written = ofOneDay(candidate("none", { soon_k: 0.3, day_k: 0.6 }));
  const alike = ofOneDay(candidate("body", { soon_k: 0.29, day_k: 0.6 }));
  expect(chooseStructure(drive, "none", [alike, written])).toBe(written);
});

test("of the layers those that predict a day best, and the more probable ones where they do alike", () => {
  const one = candidate("none", { soon_k: 0.2, day_k: 0.5, improbability: 10 });
  const two = candidate("none", { soon_k: 0.2, day_k: 0.49, improbability: 12 });
  const best = candidate("none", { soon_k: 0.21, day_k: 0.4, improbability: 20 });
  expect(chooseStructure(drive, "none", [one, two])).toBe(one);
  expect(chooseStructure(drive, "none", [one, two, best])).toBe(best);
});
