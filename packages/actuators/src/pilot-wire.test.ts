import { expect, it } from "vitest";
import { heatersLimit_w } from "./pilot-wire.ts";

it("heaters have what the subscription leaves beside the base load, or beside what the meter shows", () => {
  const contract = { subscribed_kva: 9, base_load_w: 1500 };
  expect(heatersLimit_w(contract)).toBe(7500);
  expect(heatersLimit_w(contract, 8000, 5000)).toBe(6000);
  expect(heatersLimit_w(contract, 3000, 5000)).toBe(7500);
  expect(heatersLimit_w(contract, 12_000, 0)).toBe(0);
});
