/** The past by day, week or month: what it was like, what it cost, and where the saving came from. */
import type { ComfortResponse, HistoryResponse, StateResponse } from "@azru/contracts";
import { getIfAny } from "./api.ts";
import { Chart } from "./chart.ts";
import { ofDecidingRooms, pastCourseOf } from "./course.ts";
import { byId, write } from "./elements.ts";
import { midnightBefore } from "./format.ts";
import { savingOf } from "./saving.ts";
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
      const { past, own, thermostat } = await recorded(state, {
        startMs,
        stopMs,
        window: windows[this.#length],
      });
      this.#loaded = key;
      this.#chart.show({
        course: pastCourseOf(past, { startMs, endMs, nowMs: stopMs }),
        comfort: requests ? { ...state.comfort, max: requests.max_c } : state.comfort,
        texts,
        format,
      });
      write("history-period", `${format.day(startMs)} – ${format.day(endMs - dayMs / 2)}`);
      writeSaving(own, thermostat, this.#speech());
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
}

async function recorded(state: StateResponse, { startMs, stopMs, window }: Recorded) {
  const series = (name: string, every?: string) =>
    getIfAny<HistoryResponse>(
      `/history?series=${name}&start=${iso(startMs)}&stop=${iso(stopMs)}${every ? `&every=${every}` : ""}`,
    );
  const [measured, actuators, tariff, comfort, own, thermostat] = await Promise.all([
    series("sensors.temperature", window),
    series("actuators.valve_position", window),
    series("tariff"),
    series("comfort.min", "1h"),
    series("sensors", "1h"),
    series("baseline", "1h"),
  ]);
  const sensors = ofDecidingRooms(measured, state);
  const past = sensors && actuators && tariff && comfort && { sensors, actuators, tariff, comfort };
  return { past, own, thermostat };
}

function writeSaving(
  own: HistoryResponse | null,
  thermostat: HistoryResponse | null,
  { texts, format, language }: Speech,
): void {
  const saving = savingOf(own, thermostat);
  if (!saving) {
    write("history-saving", texts.noData);
    return;
  }
  const { paid_eur, baseline_eur, energy_kwh, shifted_eur, lessHeat_eur } = saving;
  const colon = language === "fr" ? "\u202f:" : ":";
  const parts =
    shifted_eur === undefined || lessHeat_eur === undefined
      ? ""
      : ` (${format.difference(shifted_eur)} ${texts.shifted}, ${format.difference(lessHeat_eur)} ${lessHeat_eur < 0 ? texts.moreHeat : texts.lessHeat})`;
  const difference_eur = baseline_eur - paid_eur;
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
