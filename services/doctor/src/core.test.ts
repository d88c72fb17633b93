import { expect, it } from "vitest";
import { checkTariff } from "./core.ts";

const stateOf = (tariff: { source: string; warning?: string }) => ({
  inputs: {
    temperature: { source: "room" },
    weather: { source: "open-meteo", kind: "open_meteo" as const },
    tariff: { ...tariff, kind: "file" as const },
  },
});

it("says which colours of a running core cannot be", () => {
  const warning = "2026-01-04 cannot be red: it is a Sunday";
  expect(checkTariff(stateOf({ source: "colours.csv", warning }))).toMatchObject({
    status: "warning",
    message: `colours.csv has colours that cannot be, and they are followed: ${warning}`,
  });
  expect(checkTariff(stateOf({ source: "colours.csv" }))?.status).toBe("ok");
  expect(checkTariff(undefined)).toBeUndefined();
});
