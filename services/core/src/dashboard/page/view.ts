/** Writes what is known of the home into the page. */
import type {
  ComfortResponse,
  ForecastState,
  LowerCeilingResponse,
  PlanResponse,
  StateResponse,
  TariffState,
} from "@azru/contracts";
import type { Texts } from "./chart.ts";
import { byId, inEnglish, write } from "./elements.ts";
import type { Format, Language } from "./format.ts";
import { dayOf, hourOf, midnightBefore } from "./format.ts";
import { writeNamedTexts } from "./language.ts";
import { phrases, timeToCome } from "./phrases.ts";
import {
  failsafeReason,
  heatingReason,
  isPartlyHeating,
  roomReason,
  tariffName,
  tariffReason,
  weatherName,
  weatherReason,
} from "./reasons.ts";
import { writeRooms } from "./rooms.ts";
import { nextSentences, peakSentences, sentences } from "./sentence.ts";
import type { TextKey } from "./texts.ts";
import { nextOf, peakOf, tomorrowMs, whyOf } from "./why.ts";

/** What is known of the home; null before the first of its kind. */
export interface Home {
  readonly state: StateResponse;
  readonly plan: PlanResponse | null;
  readonly tariff: TariffState | null;
  readonly forecast: ForecastState | null;
  readonly comfort: ComfortResponse | null;
  /** What the optimiser said of a lower ceiling the last time it was asked. */
  readonly lower: LowerCeilingResponse | null;
  readonly historyProblem: { readonly isStoreAway: boolean; readonly detail: string } | null;
}

/** Hour of the eve at which a Tempo colour is published. */
const published_h = 11;

/** The language of the page, and what is written in it. */
export interface Speech {
  readonly language: Language;
  readonly format: Format;
  readonly texts: Texts;
}

/** Everything that is the same for every home. */
export function writeTexts({ language, texts }: Speech) {
  writeNamedTexts(language, (name) => texts[name as TextKey]);
  for (const element of document.querySelectorAll<HTMLInputElement>("[data-placeholder]")) {
    element.placeholder = texts[element.dataset.placeholder as TextKey];
  }
  for (const element of document.querySelectorAll<HTMLElement>("[data-hours]")) {
    element.textContent = `${element.dataset.hours} ${texts.hours}`;
  }
}

let sentenceKey = "";

export function writeHome(home: Home, speech: Speech): void {
  const { state } = home;
  const { format } = speech;
  const nowMs = Date.parse(state.time);
  const faults = inParts({
    time: () => {
      write("site", state.site);
      write("time", format.date(nowMs));
      byId("time").setAttribute("datetime", state.time);
    },
    why: () => writeWhy(home, speech),
    next: () => writeNext(home, speech),
    now: () => writeNow(home, speech),
    rooms: () => writeRooms(state.rooms, speech),
    cost: () => writeCost(home, speech),
    expected: () => writeExpected(home, speech),
    controls: () => writeControls(home),
    footer: () => writeFooter(home, speech, nowMs),
  });
  inParts({ notices: () => writeNotices(home, speech, faults) });
}

/**
 * Writes each part of the page by itself: where one cannot be shown, the others are.
 *
 * @returns the names of those that could not, and why
 */
export function inParts(parts: Readonly<Record<string, () => void>>): string[] {
  return Object.entries(parts).flatMap(([name, show]) => {
    try {
      show();
      return [];
    } catch (error) {
      console.error(`${name} cannot be shown`, error);
      return [`${name}: ${error instanceof Error ? error.message : String(error)}`];
    }
  });
}

function writeFooter({ state, tariff: prices }: Home, speech: Speech, nowMs: number): void {
  const { texts, language } = speech;
  const { temperature, weather, tariff } = state.inputs;
  const isBlind = temperature.fallback_reason !== undefined;
  write("model", houseInUse(state, speech));
  write(
    "sources",
    [
      `${texts.source} ${texts.sensors} ${isBlind ? texts.noneYet : temperature.source}`,
      `${texts.weather} ${weatherName(weather, language, nowMs)}`,
      `${texts.tariff} ${tariffName(tariff, language, prices)}`,
    ].join(language === "fr" ? "\u202f; " : "; "),
  );
}

/** What comes next, and how warm it gets before a dear time. */
function writeNext(home: Home, { language, format }: Speech): void {
  const nowMs = Date.parse(home.state.time);
  const next = nextOf(home);
  const peak = peakOf(home, home.lower);
  const text = [
    next && nextSentences[language](next, format, nowMs),
    peak && peakSentences[language](peak, format, nowMs),
  ]
    .filter(Boolean)
    .join(" ");
  write("next", text);
  byId("next").hidden = text === "";
}

function houseInUse(state: StateResponse, { format, texts }: Speech): string {
  const { model } = state;
  if (model.calibrated_at === undefined) return texts.houseOfFile;
  return `${texts.houseLearnt} ${format.longDay(Date.parse(model.calibrated_at))}`;
}

/** Said anew with each decision, not with each measurement. */
function writeWhy({ state, plan, tariff, comfort }: Home, { language, format }: Speech) {
  const key = [
    language,
    state.decision?.id,
    plan?.plan.id,
    tariff?.issued_at,
    state.manual?.expires_at,
    state.manual?.valve_position,
    state.rooms.length > 0,
    comfort?.in_force.reason,
    state.model.standing?.trusted,
  ].join(" ");
  if (key === sentenceKey) return;
  sentenceKey = key;
  byId("why").removeAttribute("data-text");
  write("why", sentences[language](whyOf({ state, plan, tariff, comfort }), format, Date.parse(state.time)));
}

function writeNow({ state, tariff, forecast }: Home, { format, texts }: Speech) {
  const { decision, estimate, comfort, rate, manual } = state;
  const room = state.rooms.find(({ metrics }) => metrics.external_temperature !== undefined);
  const outdoors_c = room?.metrics.external_temperature ?? forecast?.temperature[0];
  write("temperature", estimate ? format.temperature(estimate.temperature) : texts.unknownTemperature);
  write(
    "temperature-more",
    [
      estimate ? `${texts.walls} ${format.temperature(estimate.mass_temperature)}` : undefined,
      outdoors_c === undefined ? undefined : `${texts.outdoors} ${format.temperature(outdoors_c)}`,
      `${texts.comfort} ${format.number(comfort.min, Number.isInteger(comfort.min) ? 0 : 1)}–${format.number(comfort.max, 0)}\u00a0°C`,
    ]
      .filter((text) => text !== undefined)
      .join("\n"),
  );
  write("valve", decision ? format.percent(decision.valve_position) : "–");
  write(
    "valve-more",
    [
      decision?.planned_power === undefined ? undefined : format.power(decision.planned_power),
      `${texts.nextDecision} ${format.clock(Date.parse(state.next_decision_at))}`,
    ]
      .filter((text) => text !== undefined)
      .join("\n"),
  );
  writePrice(rate, format, texts);
  writeDays(tariff, Date.parse(state.time), format, texts);
  write("mode", texts[state.mode]);
  const sources = { mpc: "byMpc", failsafe: "byFailsafe", manual: "byManual", thermostat: "byThermostat" };
  const by = decision && (sources[decision.source] as TextKey | undefined);
  const until = manual && `${texts.manualUntil} ${format.instant(Date.parse(manual.expires_at))}`;
  write("mode-more", until ?? (by && state.mode === "auto" ? texts[by] : ""));
}

function writePrice(rate: StateResponse["rate"], format: Format, texts: Texts) {
  const unit = document.createElement("small");
  unit.textContent = "\u00a0€/kWh";
  if (rate) byId("price").replaceChildren(format.number(rate.price, 4), unit);
  else write("price", "–");
  write(
    "price-more",
    rate ? `${texts[rate.period]} ${texts.until} ${format.clock(Date.parse(rate.end))}` : "",
  );
}

function writeDay(
  id: "today" | "tomorrow",
  day: TariffState["today"] | undefined,
  isSoonKnown: boolean,
  format: Format,
  texts: Texts,
) {
  write(id, day ? texts[day.colour ?? "none"] : "–");
  if (day?.colour) byId(id).dataset.colour = day.colour;
  else delete byId(id).dataset.colour;
  if (!day) return write(`${id}-more`, "");
  const isUnknown = day.colour === "unknown";
  const lines = [
    isUnknown && isSoonKnown && texts.knownAt,
    isUnknown && texts.averagePrices,
    `${format.number(day.peak_price, 4)} ${texts.ofPeak}`,
    `${format.number(day.off_peak_price, 4)} ${texts.ofOffPeak}`,
  ];
  return write(`${id}-more`, lines.filter(Boolean).join("\n"));
}

/** A tariff day begins in the morning: until then the one in force is not what people call today. */
function writeDays(tariff: TariffState | null, nowMs: number, format: Format, texts: Texts) {
  const turnMs = tariff ? tomorrowMs(tariff) : Number.NaN;
  const isYesterdays = tariff !== null && dayOf(turnMs) === dayOf(nowMs);
  writeDay("today", tariff?.today, false, format, texts);
  writeDay("tomorrow", tariff?.tomorrow, hourOf(nowMs) < published_h && !isYesterdays, format, texts);
  const turn = tariff ? ` ${format.clock(turnMs)}` : "";
  write("today-label", isYesterdays ? texts.nowUntil + turn : texts.today);
  write(
    "tomorrow-label",
    tariff ? (isYesterdays ? texts.todayFrom : texts.tomorrowFrom) + turn : texts.tomorrow,
  );
}

interface Notice {
  readonly text: string;
  /** In the page's language. */
  readonly reason?: string;
  /** As the core says it, in English. */
  readonly detail?: string | undefined;
  readonly isNote?: boolean;
}

function colonOf(language: Language): string {
  return language === "fr" ? "\u202f:" : ":";
}

function noticesOf({ state, tariff, historyProblem }: Home, { format, texts, language }: Speech): Notice[] {
  const { failsafe, simulated, inputs, rooms } = state;
  const nowMs = Date.parse(state.time);
  const notices: Notice[] = [];
  if (failsafe.active) {
    const since = failsafe.since === undefined ? "" : ` ${format.instant(Date.parse(failsafe.since))}`;
    const reason = failsafeReason(failsafe, language, format) ?? "";
    notices.push({ text: `${texts.failsafe}${since}${colonOf(language)}`, reason, detail: failsafe.reason });
  }
  const isBlind = inputs.temperature.fallback_reason !== undefined;
  const { standing } = state.model;
  if (standing && !standing.trusted) {
    notices.push({
      text: texts.untilLearnt,
      reason: texts.untilLearntWhy,
      detail: standing.reason,
      isNote: true,
    });
  }
  if (isBlind && rooms.length === 0) {
    notices.push({ text: texts.temperatureProblem, reason: texts.neverMeasured });
  }
  for (const { room, window } of rooms.filter((one) => one.decides && one.window)) {
    const { until } = window!;
    const text = until
      ? `${texts.windowFell} ${format.clock(Date.parse(until))}${colonOf(language)}`
      : texts.windowOpen;
    notices.push({ text, reason: room });
  }
  for (const room of rooms.filter(({ status, decides }) => decides && status !== "fresh")) {
    const text = isBlind ? texts.temperatureProblem : texts.notCounted;
    notices.push({ text, reason: roomReason(room, language, format), detail: room.reason });
  }
  const heating = heatingReason(state.heating, language, format);
  if (heating !== undefined) {
    const missing = isPartlyHeating(state.heating) ? texts.heatsPartly : texts.notHeating;
    const text = state.heating.status === "not_heating" ? missing : texts.notStopping;
    notices.push({ text, reason: heating, detail: state.heating.reason });
  }
  const weather = weatherReason(inputs.weather, nowMs, language, format);
  if (weather !== undefined) {
    notices.push({ text: texts.weatherFallback, reason: weather, detail: inputs.weather.fallback_reason });
  }
  const prices = tariffReason(inputs.tariff, tariff, language);
  if (prices !== undefined) {
    notices.push({ text: texts.tariffFallback, reason: prices, detail: inputs.tariff.fallback_reason });
  }
  if (inputs.tariff.warning !== undefined) {
    notices.push({ text: texts.tariffDoubt, reason: texts.followedAnyway, detail: inputs.tariff.warning });
  }
  if (historyProblem !== null) {
    const { isStoreAway, detail } = historyProblem;
    notices.push({ text: texts.noHistory, reason: isStoreAway ? texts.storeAway : "", detail });
  }
  if (simulated) notices.push({ text: `${texts.simulated} ${texts.simulatedDetail}`, isNote: true });
  return notices;
}

function writeNotices(home: Home, speech: Speech, faults: readonly string[]): void {
  const notices = noticesOf(home, speech);
  if (faults.length > 0) notices.push({ text: speech.texts.partFault, detail: faults.join("\n") });
  const key = JSON.stringify(notices);
  const container = byId("notices");
  if (container.dataset.key === key) return;
  container.dataset.key = key;
  const open = new Set(
    [...container.querySelectorAll("details[open]")].map((one) => one.parentElement?.dataset.about),
  );
  container.replaceChildren(
    ...notices.map((notice) => noticeOf(notice, speech.texts.details, open.has(notice.text))),
  );
}

/** @param details how they are called */
function noticeOf({ text, reason, detail, isNote = false }: Notice, details: string, isOpen: boolean) {
  const notice = document.createElement("div");
  notice.className = isNote ? "notice note" : "notice";
  notice.setAttribute("role", "status");
  notice.dataset.about = text;
  const what = document.createElement("strong");
  what.textContent = text;
  notice.append(isNote ? text : what);
  if (reason !== undefined) notice.append(" ", reason);
  if (detail !== undefined) {
    const more = document.createElement("details");
    const summary = document.createElement("summary");
    summary.textContent = details;
    more.open = isOpen;
    more.append(summary, inEnglish(detail));
    notice.append(more);
  }
  return notice;
}

function writeCost({ state: { savings } }: Home, { format, texts, language }: Speech) {
  // So that the difference is that of the amounts shown.
  const inCents = (value_eur: number) => Math.round(100 * value_eur) / 100;
  for (const span of ["today", "month"] as const) {
    const spent = savings?.[span];
    const difference_eur = spent && inCents(spent.cost) - inCents(spent.baseline_cost);
    write(`cost-${span}`, spent ? format.money(spent.cost) : "–");
    write(`baseline-${span}`, spent ? format.money(spent.baseline_cost) : "–");
    write(`difference-${span}`, difference_eur === undefined ? "–" : format.difference(difference_eur));
  }
  const saved = savings ? savings.saved : null;
  const isLoss = saved !== null && saved < -0.005;
  const since = savings ? ` ${format.instant(Date.parse(savings.since))}` : "";
  write("saved-label", (isLoss ? texts.spentMore : texts.savedSince) + (since || "…"));
  write("saved", saved === null ? texts.noCost : format.money(Math.abs(saved) < 0.005 ? 0 : Math.abs(saved)));
  byId("saved").parentElement?.setAttribute("data-sign", saved !== null && saved > 0.005 ? "saved" : "");
  write(
    "saved-more",
    savings
      ? `${texts.costSince} ${format.money(savings.cost)}, ${texts.baselineSince} ${format.money(savings.baseline_cost)}${language === "fr" ? "\u202f; " : "; "}${format.energy(Math.abs(savings.walls_heat))} ${savings.walls_heat < 0 ? texts.wallsLess : texts.wallsMore} ${format.money(Math.abs(savings.walls_value))}`
      : "",
  );
  write("against", savings ? againstText(savings.against, { format, texts, language }) : "");
}

/** The thermostat that the saving is measured against, in words. */
function againstText(
  { thermostat, on_c, off_c }: NonNullable<StateResponse["savings"]>["against"],
  { format, texts, language }: Pick<Speech, "format" | "texts" | "language">,
): string {
  const { between, held } = phrases[language];
  const on = format.temperature(on_c);
  const range = off_c === undefined ? held(on) : between(on, format.temperature(off_c));
  return `${texts.against} ${texts[oldThermostats[thermostat]]}, ${range}.`;
}

const oldThermostats = {
  constant: "oldConstant",
  night_setback: "oldNightSetback",
  electronic: "oldElectronic",
} as const;

function writeExpected(
  { state: { expected_cost: expected, time } }: Home,
  { language, format, texts }: Speech,
) {
  const nowMs = Date.parse(time);
  for (const [id, span] of [
    ["expected-today", expected?.rest_of_today],
    ["expected-tomorrow", expected?.tomorrow],
  ] as const) {
    write(id, span ? `${texts.about} ${format.money(span.cost)}` : "–");
  }
  if (!expected) return write("expected-more", texts.noExpectation);
  const { tomorrowAt, unknownColour, leastComfort } = phrases[language];
  const when = (at: string) => timeToCome(Date.parse(at), nowMs, format, tomorrowAt);
  const unknown = expected.rest_of_today.unknown_from ?? expected.tomorrow.unknown_from;
  const isWhole = dayOf(Date.parse(expected.plan_until)) > dayOf(midnightBefore(nowMs) + 36 * 3_600_000);
  const remarks = [
    unknown && unknownColour(when(unknown)),
    !isWhole && leastComfort(when(expected.plan_until)),
  ];
  return write("expected-more", remarks.filter(Boolean).join(" "));
}

function writeControls({ state }: Home) {
  byId("auto").setAttribute("aria-pressed", String(state.mode === "auto"));
  byId("manual").setAttribute("aria-pressed", String(state.mode === "manual"));
  (byId("optimise") as HTMLButtonElement).disabled = state.mode !== "auto";
}
