import type { StateResponse, TariffState } from "@azru/contracts";
import { describe, expect, test } from "vitest";
import { createFormat } from "./format.ts";
import {
  failsafeReason,
  heatingReason,
  roomReason,
  tariffName,
  tariffReason,
  weatherName,
  weatherReason,
} from "./reasons.ts";

const en = createFormat("en");
const fr = createFormat("fr");
const nowMs = Date.parse("2026-01-15T13:00:00Z");

describe("why the fail-safe decides", () => {
  test.each<[StateResponse["failsafe"], string, string]>([
    [
      { active: true, cause: "mpc_offline", instead: "plan", plan_from: "2026-01-15T12:30:00Z" },
      "the optimiser is not running; the plan of Thu 15 Jan, 13:30 is followed.",
      "l’optimiseur ne tourne pas\u202f; le plan de jeu. 15 janv., 13:30 est suivi.",
    ],
    [
      { active: true, cause: "no_temperature", instead: "holding" },
      "no temperature can be trusted; the valve is where it holds the least comfort in the weather expected.",
      "aucune température n’est fiable\u202f; la vanne est là où elle tient le confort minimal par le temps prévu.",
    ],
    [
      { active: true, cause: "frost" },
      "frost protection opens the valve.",
      "la protection contre le gel ouvre la vanne.",
    ],
  ])("%j", (failsafe, english, french) => {
    expect(failsafeReason(failsafe, "en", en)).toBe(english);
    expect(failsafeReason(failsafe, "fr", fr)).toBe(french);
  });
});

test("what is wrong with a room", () => {
  const room = { room: "salon", decides: true, time: "2026-01-15T12:00:00Z", metrics: { temperature: 85 } };
  const says = (status: "stale" | "frozen" | "implausible", age_s: number) => [
    roomReason({ ...room, status, age_s }, "en", en),
    roomReason({ ...room, status, age_s }, "fr", fr),
  ];
  expect(says("stale", 45 * 60)).toEqual([
    "salon: its last reading is 45 minutes old.",
    "salon\u202f: sa dernière mesure date de 45 minutes.",
  ]);
  expect(says("stale", 5 * 3600)[1]).toBe("salon\u202f: sa dernière mesure date de 5 heures.");
  expect(says("implausible", 1)).toEqual([
    "salon: it says 85.0\u00a0°C, which no room reaches, or not so fast.",
    "salon\u202f: il dit 85,0\u00a0°C, ce qu’aucune pièce n’atteint, ou pas si vite.",
  ]);
  expect(says("frozen", 1)[0]).toMatch(/^salon: it has said exactly the same/);
});

test("how much of the heat ordered is felt", () => {
  const says = (felt: number | undefined, language: "en" | "fr" = "en") =>
    heatingReason(
      { status: "not_heating", measured: 17, expected: 20, felt },
      language,
      language === "en" ? en : fr,
    );
  expect(says(0.1)).toMatch(/^it is 17\.0\u00a0°C where 20\.0\u00a0°C was to be expected\. Is a breaker off/);
  expect(says(undefined)).toBe(says(0.1));
  expect(says(0.5)).toMatch(/^only a part of the heat ordered is felt, and it is 17\.0/);
  expect(says(0.5, "fr")).toMatch(/^une partie seulement de la chaleur demandée arrive, et il fait 17,0/);
});

test("which weather stands in", () => {
  const weather = { source: "Open-Meteo", kind: "open_meteo", issued_at: "2026-01-15T12:00:00Z" } as const;
  const says = (fallback: StateResponse["inputs"]["weather"]["fallback"]) =>
    weatherReason({ ...weather, fallback }, nowMs, "en", en);
  expect(says(undefined)).toBeUndefined();
  expect(says({ cause: "not_yet", reference_year_from: "2026-01-15T13:00:00Z" })).toBe(
    "no forecast has come yet; a usual year's weather is used.",
  );
  expect(says({ cause: "failed" })).toBe("the forecast could not be had; that of Thu 15 Jan, 13:00 is used.");
  expect(says({ cause: "failed", reference_year_from: "2026-01-16T06:00:00Z" })).toBe(
    "the forecast could not be had; that of Thu 15 Jan, 13:00 is used; a usual year's weather from Fri 16 Jan, 07:00 on.",
  );
  expect(weatherReason({ ...weather, fallback: { cause: "too_short" } }, nowMs, "fr", fr)).toBe(
    "la prévision s’arrête trop tôt\u202f; celle de jeu. 15 janv., 13:00 est utilisée.",
  );
});

test("which prices stand in, and whether today's and tomorrow's are known in spite of it", () => {
  const day = { date: "2026-01-15", colour: "blue", peak_price: 0.16, off_peak_price: 0.13 } as const;
  const known: TariffState = {
    issued_at: "2026-01-15T12:00:00Z",
    tariff: "tempo",
    source: "test",
    today: day,
    tomorrow: day,
    rates: [],
  };
  const unknown: TariffState = { ...known, tomorrow: { ...day, colour: "unknown" } };
  const tariff = { source: "test", kind: "published", fallback: { cause: "failed" } } as const;
  expect(tariffReason({ ...tariff, fallback: undefined }, known, "en")).toBeUndefined();
  expect(tariffReason(tariff, known, "en")).toBe(
    "the colours could not be had; those of today and tomorrow are known.",
  );
  expect(tariffReason(tariff, unknown, "fr")).toBe(
    "les couleurs n’ont pas pu être obtenues\u202f; là où une couleur n’est pas connue, les prix sont des moyennes.",
  );
});

test("sources by their names, where they have one of their own", () => {
  expect(weatherName({ source: "reference year Lyon, seed 20", kind: "reference_year" }, "fr")).toBe(
    "année de référence",
  );
  expect(weatherName({ source: "EPW Lyon-Bron", kind: "epw_file" }, "fr")).toBe(
    "fichier météo (EPW Lyon-Bron)",
  );
  expect(tariffName({ source: "api-couleur-tempo.fr", kind: "published" }, "fr")).toBe(
    "couleurs publiées (api-couleur-tempo.fr)",
  );
  expect(tariffName({ source: "rules and quotas alone", kind: "rules" }, "en")).toBe(
    "no colours, prices on average",
  );
});
