import type { StateResponse, TariffState } from "@azru/contracts";
import { describe, expect, test } from "vitest";
import { flatPlan } from "../../testing/plans.ts";
import { createFormat, languages } from "./format.ts";
import { nextSentences, peakSentences, sentences } from "./sentence.ts";
import { nextOf, peakOf, type Situation, type Why, whyOf } from "./why.ts";

const minute = 60_000;
const hour = 60 * minute;
/** 23:00 in Paris. */
const nowMs = Date.parse("2026-01-18T22:00:00Z");
/** 06:00 in Paris, when the red day begins. */
const redMs = Date.parse("2026-01-19T05:00:00Z");
const iso = (timeMs: number) => new Date(timeMs).toISOString();

const state: StateResponse = {
  site: "home",
  time: iso(nowMs),
  simulated: false,
  mode: "auto",
  auto_mode: true,
  manual: null,
  decision: {
    id: "d1",
    time: iso(nowMs),
    source: "mpc",
    valve_position: 60,
    plan_id: "d1",
    cause: "every 15 minutes",
    reason: "optimal plan",
  },
  next_decision_at: iso(nowMs + 15 * minute),
  failsafe: { active: false },
  rooms: [
    {
      room: "living-room",
      decides: true,
      time: iso(nowMs),
      age_s: 0,
      status: "fresh",
      metrics: { temperature: 20 },
    },
  ],
  heating: { status: "ok" },
  model: { source: "file" as const, last_calibration: null },
  estimate: {
    temperature: 20,
    mass_temperature: 19.5,
    mass_temperature_sd: 0.1,
    unknown_gains: 0,
    unknown_gains_sd: 100,
    sensor_noise: 0.1,
    heat_capacity: 3,
  },
  comfort: {
    min: 19,
    max: 28,
    margin: 0.05,
    setpoint_c: 19,
    rule: "schedule",
    preset: "comfort",
    until: null,
    reason: "schedule, comfort: at least 19.0 degrees",
    of: "air",
  },
  rate: null,
  inputs: {
    temperature: { source: "living-room" },
    weather: { source: "w", kind: "reference_year" },
    tariff: { source: "t", kind: "file" },
  },
  savings: null,
  expected_cost: null,
};

const tariff: TariffState = {
  issued_at: iso(nowMs),
  tariff: "tempo",
  source: "test",
  today: { date: "2026-01-18", colour: "blue", peak_price: 0.16, off_peak_price: 0.13 },
  tomorrow: { date: "2026-01-19", colour: "red", peak_price: 0.7, off_peak_price: 0.16 },
  rates: [
    {
      start: iso(redMs - 24 * hour),
      end: iso(redMs - 8 * hour),
      price: 0.16,
      period: "peak",
      colour: "blue",
    },
    { start: iso(redMs - 8 * hour), end: iso(redMs), price: 0.13, period: "off_peak", colour: "blue" },
    { start: iso(redMs), end: iso(redMs + 16 * hour), price: 0.7, period: "peak", colour: "red" },
    {
      start: iso(redMs + 16 * hour),
      end: iso(redMs + 24 * hour),
      price: 0.16,
      period: "off_peak",
      colour: "red",
    },
  ],
};

interface Course {
  readonly price?: (hours: number) => number;
  readonly valve?: (hours: number) => number;
  readonly walls?: (hours: number) => number;
  readonly room?: (hours: number) => number;
}

/** A plan that begins now, by hours from now. */
function situation(course: Course, changes: Partial<StateResponse> = {}): Situation {
  const plan = flatPlan({ startMs: nowMs });
  const column = (values: readonly number[], at: ((hours: number) => number) | undefined) =>
    at ? values.map((_, k) => at(k / 4)) : [...values];
  const valve_position = column(plan.valve_position, course.valve);
  return {
    state: { ...state, ...changes },
    tariff,
    comfort: null,
    plan: {
      requested_at: iso(nowMs),
      plan: {
        ...plan,
        valve_position,
        heating_power: valve_position.map((percent) => 50 * percent),
        electricity_price: column(plan.electricity_price, course.price),
        mass_temperature: column(plan.mass_temperature, course.walls),
        temperature: column(plan.temperature, course.room),
      },
    },
  };
}

/** Cheap until the red day, 7 hours from now. */
const price = (hours: number) => (hours < 7 ? 0.13 : 0.7);
const closed = { decision: { ...state.decision!, valve_position: 0 } };

describe("heating", () => {
  test("before a red day that warms the walls stores, as much heat as the plan gives until then", () => {
    const walls = (hours: number) => 19.5 + Math.min(hours + 0.25, 7) * 0.4;
    const valve = (hours: number) => (hours < 7 ? 60 : 0);
    const why = whyOf(situation({ price, walls, valve }));
    expect(why).toEqual({
      kind: "storing",
      heat_kwh: expect.closeTo(7 * 3, 9),
      from_c: 19.5,
      to_c: expect.closeTo(22.3, 9),
      stored_kwh: expect.closeTo(2.8 * 3, 9),
      saving_eur: 0.75,
      horizon_h: 24,
      before: { atMs: redMs, price_eur_kwh: 0.7, colour: "red", isTomorrow: true },
    });
    expect(sentences.en(why, createFormat("en"), nowMs)).toBe(
      "Heating now: tomorrow is red (0.7000\u00a0€/kWh from 06:00); storing 8.4\u00a0kWh in the walls should save €0.75 over the next 24 hours.",
    );
    expect(sentences.fr(why, createFormat("fr"), nowMs)).toBe(
      "Le chauffage est en marche\u202f: demain est rouge (0,7000\u00a0€/kWh dès 06:00)\u202f; stocker 8,4\u00a0kWh dans les murs devrait économiser 0,75\u00a0€ sur les 24 prochaines heures.",
    );
    const second = situation({ price, walls, valve });
    const again = { ...second, tariff: { ...tariff, today: { ...tariff.today, colour: "red" as const } } };
    expect(sentences.en(whyOf(again), createFormat("en"), nowMs)).toMatch(
      /^Heating now: the price rises to 0\.7000\u00a0€\/kWh tomorrow at 06:00; storing/,
    );
    const unsaid = { ...why, saving_eur: null } as Why;
    expect(sentences.en(unsaid, createFormat("en"), nowMs)).toBe(
      "Heating now: tomorrow is red (0.7000\u00a0€/kWh from 06:00); 21\u00a0kWh of heat until then takes the walls from 19.5 to 22.3\u00a0°C.",
    );
  });

  test("after midnight says that the red day begins, where no colour changes what the price does", () => {
    const before = { atMs: redMs, price_eur_kwh: 0.7, colour: "red", isTomorrow: true } as const;
    const storing = {
      kind: "storing",
      heat_kwh: 6.24,
      from_c: 20,
      to_c: 21,
      stored_kwh: 3,
      saving_eur: 1,
      horizon_h: 24,
      before,
    } as const;
    const f = createFormat("en");
    expect(sentences.en(storing, f, redMs - 5 * hour)).toContain(
      "a red day begins at 06:00 (0.7000\u00a0€/kWh)",
    );
    const sameDay = { ...storing, before: { ...before, isTomorrow: false } };
    expect(sentences.en(sameDay, f, redMs - 5 * hour)).toContain(
      "the price rises to 0.7000\u00a0€/kWh at 06:00",
    );
    expect(sentences.en(sameDay, f, nowMs)).toContain(
      "the price rises to 0.7000\u00a0€/kWh tomorrow at 06:00",
    );
  });

  test("counts of the step in progress only what is left of it", () => {
    const walls = () => 21;
    const later = { time: iso(nowMs + 10 * minute) };
    expect(whyOf(situation({ price, walls, valve: () => 60 }, later))).toMatchObject({
      heat_kwh: expect.closeTo(7 * 3 - 0.5, 9),
    });
  });

  test("does not store where the walls do not warm, or where waiting would be cheaper", () => {
    expect(whyOf(situation({ price, walls: () => 19.5, room: () => 19.1 }))).toEqual({
      kind: "holding",
      min_c: 19,
    });
    const dipping = (hours: number) => (hours < 2 ? 0.16 : price(hours));
    expect(whyOf(situation({ price: dipping, walls: () => 22, room: () => 20 }))).toEqual({
      kind: "heating",
      expected_c: 20,
    });
  });

  test("for a setpoint that rises says when it must be warm", () => {
    const request = (start: number, end: number, setpoint_c: number, rule: "vacation" | "schedule") => ({
      start: iso(start),
      end: iso(end),
      setpoint_c,
      rule,
      preset: null,
    });
    const situated = situation({ room: (hours) => 16 + hours, walls: (hours) => 15 + hours });
    const comfort = (first: "vacation" | "schedule") =>
      ({
        ahead: [
          request(nowMs, nowMs + 5 * hour, 14, first),
          request(nowMs + 5 * hour, nowMs + 99 * hour, 19, "schedule"),
        ],
      }) as Situation["comfort"];
    const cool = { ...situated.state, comfort: { ...state.comfort, min: 14 } };
    const warming = { kind: "warming", setpoint_c: 19, atMs: nowMs + 5 * hour };
    expect(whyOf({ ...situated, state: cool, comfort: comfort("vacation") })).toEqual({
      ...warming,
      isReturn: true,
    });
    expect(whyOf({ ...situated, state: cool, comfort: comfort("schedule") })).toEqual({
      ...warming,
      isReturn: false,
    });
  });

  test("at the lowest price of the plan says so, unless the price never changes", () => {
    expect(whyOf(situation({ price, walls: () => 19.5, room: () => 20 }))).toEqual({
      kind: "cheapest",
      price_eur_kwh: 0.13,
    });
    expect(whyOf(situation({ price: () => 0.13, room: () => 20 })).kind).toBe("heating");
  });

  test("claims nothing of a plan that no longer reaches", () => {
    const late = { time: iso(nowMs + 25 * hour) };
    expect(whyOf(situation({ price }, late))).toEqual({ kind: "heating", expected_c: null });
    expect(whyOf({ state, plan: null, tariff: null, comfort: null })).toEqual({
      kind: "heating",
      expected_c: null,
    });
  });
});

describe("not heating", () => {
  test("saves until a cheaper time, as warm as the coldest step before", () => {
    const falling = (hours: number) => (hours < 3 ? 0.7 : 0.16);
    const valve = (hours: number) => (hours < 3 ? 0 : 40);
    const room = (hours: number) => 21 - hours * 0.4;
    expect(whyOf(situation({ price: falling, valve, room }, closed))).toEqual({
      kind: "saving",
      price_eur_kwh: 0.7,
      untilMs: nowMs + 3 * hour,
      later_eur_kwh: 0.16,
      lowest_c: expect.closeTo(21 - 2.75 * 0.4, 9),
    });
  });

  test("rests until it heats again at no better price", () => {
    const valve = (hours: number) => (hours < 5 ? 0 : 30);
    expect(whyOf(situation({ valve, room: () => 20.5 }, closed))).toEqual({
      kind: "resting",
      untilMs: nowMs + 5 * hour,
      lowest_c: 20.5,
    });
  });

  test("is warm where the plan never heats", () => {
    expect(whyOf(situation({ valve: () => 0, room: () => 23 }, closed))).toEqual({
      kind: "warm",
      lowest_c: 23,
    });
  });
});

describe("who else decides", () => {
  test("a person, until the command ends, even while the first decision is not made", () => {
    const expires_at = iso(nowMs + hour);
    const manual = { mode: "manual", auto_mode: false, manual: { valve_position: 35, expires_at } } as const;
    expect(whyOf(situation({}, { ...manual, decision: null }))).toEqual({
      kind: "manual",
      valve_percent: 35,
      untilMs: nowMs + hour,
    });
  });

  test("the fail-safe, whatever plan and person say", () => {
    const failsafe = { active: true, reason: "frost protection opens the valve at 4.9 degrees" };
    expect(whyOf(situation({ price }, { failsafe }))).toEqual({ kind: "failsafe", valve_percent: 60 });
    const manual = { valve_position: 0, expires_at: iso(nowMs + hour) };
    expect(whyOf(situation({}, { failsafe, manual })).kind).toBe("failsafe");
  });

  test("nobody yet", () => {
    expect(
      whyOf({ state: { ...state, decision: null, rooms: [] }, plan: null, tariff: null, comfort: null }),
    ).toEqual({
      kind: "waiting",
      hasTemperature: false,
    });
  });
});

test("every reason is one sentence in every language", () => {
  const dear = { atMs: redMs, price_eur_kwh: 0.7, colour: null, isTomorrow: true };
  for (const language of languages) {
    for (const why of [
      { kind: "waiting", hasTemperature: true },
      { kind: "waiting", hasTemperature: false },
      { kind: "manual", valve_percent: 35, untilMs: nowMs + 30 * minute },
      { kind: "failsafe", valve_percent: 40 },
      { kind: "thermostat", isHeating: true },
      { kind: "thermostat", isHeating: false },
      {
        kind: "storing",
        heat_kwh: 6.24,
        from_c: 19,
        to_c: 20,
        stored_kwh: 3,
        saving_eur: 2.1,
        horizon_h: 24,
        before: dear,
      },
      {
        kind: "storing",
        heat_kwh: 6.24,
        from_c: 19,
        to_c: 20,
        stored_kwh: 3,
        saving_eur: null,
        horizon_h: 24,
        before: dear,
      },
      { kind: "warming", setpoint_c: 19, atMs: redMs, isReturn: true },
      { kind: "warming", setpoint_c: 19, atMs: redMs, isReturn: false },
      { kind: "holding", min_c: 19 },
      { kind: "cheapest", price_eur_kwh: 0.13 },
      { kind: "heating", expected_c: 20 },
      { kind: "heating", expected_c: null },
      { kind: "saving", price_eur_kwh: 0.7, untilMs: redMs, later_eur_kwh: 0.1, lowest_c: 19 },
      { kind: "resting", untilMs: redMs, lowest_c: 19 },
      { kind: "warm", lowest_c: 20 },
      { kind: "idle" },
    ] as const) {
      const text = sentences[language](why, createFormat(language), nowMs);
      expect(text).toMatch(/^[A-ZÀ-Ý].*[^.]\.$/u);
      expect(text).not.toMatch(/undefined|NaN|null/);
    }
  }
});

describe("what comes next", () => {
  const en = createFormat("en");
  const fr = createFormat("fr");

  test("a room that is only held now does not store yet, though its walls are warmed later", () => {
    const walls = (hours: number) => (hours < 5 ? 19.5 : 19.5 + (hours - 4.75) * 1.2);
    const valve = (hours: number) => (hours < 5 ? 20 : hours < 7 ? 100 : 0);
    const room = () => 19.1;
    expect(whyOf(situation({ price, walls, valve, room }))).toEqual({ kind: "holding", min_c: 19 });
  });

  test("it says from when to when it heats, and for which day", () => {
    const walls = (hours: number) => 19.5 + Math.max(0, Math.min(hours, 7) - 5) * 0.4;
    const valve = (hours: number) => (hours >= 5.25 && hours < 7 ? 60 : hours >= 20 ? 30 : 0);
    const next = nextOf(situation({ price, walls, valve }, closed))!;
    expect(nextSentences.en(next, en, nowMs)).toBe(
      "Next: from tomorrow at 04:15 to tomorrow at 06:00 it heats, for the red day.",
    );
    expect(nextSentences.fr(next, fr, nowMs)).toBe(
      "Ensuite\u202f: de demain 04:15 à demain 06:00, il chauffe, pour le jour rouge.",
    );
  });

  test("heating that begins in dear hours is not said to be for a later price", () => {
    const walls = (hours: number) => 19.5 + Math.max(0, Math.min(hours, 20) - 10) * 0.1;
    const valve = (hours: number) => (hours >= 10 && hours < 20 ? 30 : 0);
    const dearCheapDear = (hours: number) => (hours < 14 || hours >= 20 ? 0.65 : 0.15);
    const next = nextOf(situation({ price: dearCheapDear, walls, valve }, closed))!;
    expect(nextSentences.en(next, en, nowMs)).toBe(
      "Next: from tomorrow at 09:00 to tomorrow at 19:00 it heats.",
    );
  });

  test("a room that only cools gets no warmer", () => {
    const room = (hours: number) => 23 - 0.2 * hours;
    expect(peakOf(situation({ price, room }))).toBeUndefined();
  });

  test("it says until when it heats, and when again", () => {
    const valve = (hours: number) => (hours < 0.5 || hours >= 9 ? 60 : 0);
    const next = nextOf(situation({ price: () => 0.13, valve }))!;
    expect(nextSentences.en(next, en, nowMs)).toBe(
      "Next: it heats until 23:30, and again from tomorrow at 08:00.",
    );
  });

  test("nothing is next where no plan is followed or none heats", () => {
    const idle = situation({ price, valve: () => 0 }, closed);
    expect(nextOf(idle)).toBeUndefined();
    const byHand = { decision: { ...state.decision!, source: "manual" as const }, mode: "manual" as const };
    expect(nextOf(situation({ price }, byHand))).toBeUndefined();
  });

  test("before a red day it says how warm it gets, when, and what a lower ceiling would cost", () => {
    const room = (hours: number) => (hours < 7 ? 20 + 0.5 * hours : 21);
    const peak = peakOf(situation({ price, room }))!;
    expect(peakSentences.en(peak, en, nowMs)).toBe("It gets up to 23.4\u00a0°C, tomorrow at 05:45.");
    const lower = {
      plan_id: "d1",
      start: iso(nowMs),
      end: iso(nowMs + 48 * hour),
      by: 1,
      cost: 1.54,
      warmest: { temperature: 22.4, time: iso(redMs) },
    };
    const known = peakOf(situation({ price, room }), lower)!;
    expect(peakSentences.en(known, en, nowMs)).toBe(
      "It gets up to 23.4\u00a0°C, tomorrow at 05:45; a ceiling 1\u00a0°C lower would cost €1.54 more over 48 hours.",
    );
    expect(peakSentences.fr(known, fr, nowMs)).toBe(
      "Il fera jusqu’à 23,4\u00a0°C, demain à 05:45\u202f; un plafond plus bas de 1\u00a0°C coûterait 1,54\u00a0€ de plus sur 48 heures.",
    );
    const old = { ...lower, start: iso(nowMs - 2 * hour) };
    expect(peakOf(situation({ price, room }), old)).toEqual(peak);
    expect(
      peakSentences.en({ ...known, lower: { ...known.lower!, cost_eur: 0.001 } }, en, nowMs),
    ).not.toMatch(/ceiling/);
    expect(peakOf(situation({ price, room: () => 19.5 }))).toBeUndefined();
  });
});

test("a thermostat that decides until the house is learnt is said to, in either language", () => {
  const model = { ...state.model, standing: { trusted: false, reason: "3 of 7 days" } };
  const decision = { ...state.decision!, source: "thermostat" as const };
  const why = whyOf(situation({}, { model, decision }));
  expect(why).toEqual({ kind: "thermostat", isHeating: true, untilLearnt: true });
  expect(sentences.en(why, createFormat("en"), nowMs)).toBe(
    "Heating now: the thermostat decides, with the Tempo rule, until Azru has learnt this home.",
  );
  expect(sentences.fr(why, createFormat("fr"), nowMs)).toContain("tant qu’Azru n’a pas appris ce logement");
  const proved = { ...model, standing: { trusted: true, reason: "7 of 7 days" } };
  expect(whyOf(situation({}, { model: proved, decision }))).toEqual({ kind: "thermostat", isHeating: true });
});
