/** The past by day, week or month: what it was like, what it cost, and where the saving came from. */
import type { ComfortResponse, HistoryResponse, StateResponse } from "@azru/contracts";
import { getIfAny } from "./api.ts";
import { Chart } from "./chart.ts";
import { ofDecidingRooms, pastCourseOf } from "./course.ts";
import { byId, write } from "./elements.ts";
import { midnightBefore } from "./format.ts";
import { type Saving, type Stretch, savingOf } from "./saving.ts";
import type { Speech } from "./view.ts";

const lengths = { day: 1, week: 7, month: 30 } as const;
type Length = keyof typeof lengths;
/** Windows that temperatures are averaged over; none is shorter than those that old readings are thinned to. */
const windows: Readonly<Record<Length, string>> = { day: "15m", week: "1h", month: "3h" };
const dayMs = 86_400_000;
const names = Object.keys(lengths) as Length[];

/** The same instant of the day some days away, also over a change of clocks. */
function daysAway(midnightMs: number, days: number): number {
  return midnightBefore(midnightMs + days * dayMs + dayMs / 2);
}

export class HistoryPanel {
  readonly #speech: () => Speech;
  readonly #details = byId<HTMLDetailsElement>("history");
  readonly #chart = new Chart(byId("history-chart"), byId("history-readout"), "historyChart");
  #length: Length = "day";
  /** How many lengths before the present one. */
  #back = 0;
  #shown: { state: StateResponse; requests: ComfortResponse | null } | undefined;
  #loaded = "";
  #isLoading = false;

  constructor(speech: () => Speech) {
    this.#speech = speech;
    for (const name of names) {
      byId(`history-${name}`).addEventListener("click", () => {
        this.#length = name;
        this.#turnTo(0);
      });
    }
    byId("history-earlier").addEventListener("click", () => this.#turnTo(this.#back + 1));
    byId("history-later").addEventListener("click", () => this.#turnTo(Math.max(0, this.#back - 1)));
    this.#details.addEventListener("toggle", () => this.#refresh());
  }

  show(state: StateResponse, requests: ComfortResponse | null): void {
    this.#shown = { state, requests };
    this.#refresh();
  }

  #turnTo(back: number): void {
    this.#back = back;
    this.#refresh();
  }

  #refresh(): void {
    for (const name of names) {
      byId(`history-${name}`).setAttribute("aria-pressed", String(name === this.#length));
    }
    byId<HTMLButtonElement>("history-later").disabled = this.#back === 0;
    this.#load().catch((error: unknown) => {
      console.warn(error);
      write("history-saving", this.#speech().texts.noHistory);
    });
  }

  #range(nowMs: number): { startMs: number; endMs: number } {
    const days = lengths[this.#length];
    const endMs = daysAway(midnightBefore(nowMs), 1 - this.#back * days);
    return { startMs: daysAway(endMs, -days), endMs };
  }

  async #load(): Promise<void> {
    if (!this.#details.open || !this.#shown || this.#isLoading) return;
    const { state, requests } = this.#shown;
    const { texts, format, language } = this.#speech();
    const nowMs = Date.parse(state.time);
    const { startMs, endMs } = this.#range(nowMs);
    const stopMs = Math.min(endMs, nowMs);
    const latest = this.#back === 0 ? state.decision?.id : "";
    const key = [language, texts.valve, startMs, endMs, latest].join(" ");
    if (key === this.#loaded) return;
    this.#isLoading = true;
    try {
      const { past, stretch } = await recorded(state, {
        startMs,
        stopMs,
        window: windows[this.#length],
        isPresent: this.#back === 0,
      });
      this.#loaded = key;
      this.#chart.show({
        course: pastCourseOf(past, { startMs, endMs, nowMs: stopMs }),
        comfort: requests ? { ...state.comfort, max: requests.max_c } : state.comfort,
        texts,
        format,
      });
      write("history-period", `${format.day(startMs)} – ${format.day(endMs - dayMs / 2)}`);
      writeSaving(savingOf(stretch), this.#speech());
    } finally {
      this.#isLoading = false;
    }
  }
}

interface Recorded {
  readonly startMs: number;
  readonly stopMs: number;
  /** That temperatures and valves are averaged over. */
  readonly window: string;
  /** Whether the stretch reaches up to now. */
  readonly isPresent: boolean;
}

async function recorded(state: StateResponse, { startMs, stopMs, window, isPresent }: Recorded) {
  const series = (name: string, every?: string, [fromMs, toMs] = [startMs, stopMs]) =>
    getIfAny<HistoryResponse>(
      `/history?series=${name}&start=${iso(fromMs)}&stop=${iso(toMs)}${every ? `&every=${every}` : ""}`,
    );
  // A range leaves out its end, where the counters say what the last step cost.
  const counted = (field: string) => series(`savings.${field}`, undefined, [startMs - dayMs, stopMs + 1]);
  const [measured, actuators, tariff, comfort, paid, baseline, power, baselinePower] = await Promise.all([
    series("sensors.temperature", window),
    series("actuators.valve_position", window),
    series("tariff"),
    series("comfort.min", "1h"),
    counted("cost"),
    counted("baseline_cost"),
    series("sensors.power_consumption", "1h"),
    series("baseline.power_consumption", "1h"),
  ]);
  const sensors = ofDecidingRooms(measured, state);
  const past = sensors && actuators && tariff && comfort && { sensors, actuators, tariff, comfort };
  const now = isPresent ? state.savings : null;
  const stretch: Stretch = {
    startMs,
    stopMs,
    paid: withNow(paid, state.time, now?.cost),
    baseline: withNow(baseline, state.time, now?.baseline_cost),
    power: ofHeatedRooms(power, baselinePower, state),
    baselinePower,
  };
  return { past, stretch };
}

/** A counter with what it says now. */
function withNow(
  history: HistoryResponse | null,
  time: string,
  value: number | undefined,
): HistoryResponse | null {
  const [column] = history?.columns ?? [];
  if (!history || !column || value === undefined) return history;
  const points = { time: [...column.time, time], value: [...column.value, value] };
  return { ...history, columns: [{ ...column, ...points }] };
}

/** What was stored of the rooms that are heated each by itself; of a home heated as one, of the room that its thermostat has. */
function ofHeatedRooms(
  history: HistoryResponse | null,
  baseline: HistoryResponse | null,
  { rooms }: Pick<StateResponse, "rooms">,
): HistoryResponse | null {
  const heated = rooms.filter(({ heating }) => heating).map(({ room }) => room);
  const counted = new Set(heated.length > 0 ? heated : baseline?.columns.map(({ tags }) => tags.location));
  return history && { ...history, columns: history.columns.filter(({ tags }) => counted.has(tags.location)) };
}

function writeSaving(saving: Saving | undefined, { texts, format, language }: Speech): void {
  if (!saving) {
    write("history-saving", texts.noData);
    return;
  }
  // So that the difference is that of the amounts shown, and the sum of its parts.
  const inCents = (value_eur: number) => Math.round(100 * value_eur) / 100;
  const { paid_eur, baseline_eur, energy_kwh, lessHeat_eur } = saving;
  const difference_eur = inCents(paid_eur) - inCents(baseline_eur);
  const colon = language === "fr" ? "\u202f:" : ":";
  let parts = "";
  if (lessHeat_eur !== undefined) {
    const heat_eur = -inCents(lessHeat_eur);
    const shifted = `${format.difference(difference_eur - heat_eur)} ${texts.shifted}`;
    parts = ` (${shifted}, ${format.difference(heat_eur)} ${heat_eur > 0 ? texts.moreHeat : texts.lessHeat})`;
  }
  write(
    "history-saving",
    [
      `${texts.paid}${colon} ${format.money(paid_eur)}${energy_kwh === undefined ? "" : `, ${format.energy(energy_kwh)}`}`,
      `${texts.costBaseline}${colon} ${format.money(baseline_eur)}`,
      `${texts.costDifference}${colon} ${format.difference(difference_eur)}${parts}`,
    ].join("\n"),
  );
}

function iso(timeMs: number): string {
  return new Date(timeMs).toISOString();
}
