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
/** Windows that temperatures are averaged over. */
const windows: Readonly<Record<Length, string>> = { day: "10m", week: "1h", month: "3h" };
const dayMs = 86_400_000;
const names = Object.keys(lengths) as Length[];

/** The same instant of the day some days away, also over a change of clocks. */
function daysAway(midnightMs: number, days: number): number {
  return midnightBefore(midnightMs + days * dayMs + dayMs / 2);
}

export function createHistory(speech: () => Speech) {
  const details = byId<HTMLDetailsElement>("history");
  const chart = new Chart(byId("history-chart"), byId("history-readout"), "historyChart");
  let length: Length = "day";
  /** How many lengths before the present one. */
  let back = 0;
  let shown: { state: StateResponse; wishes: ComfortResponse | null } | undefined;
  let loaded = "";
  let isLoading = false;

  function range(nowMs: number): { startMs: number; endMs: number } {
    const days = lengths[length];
    const endMs = daysAway(midnightBefore(nowMs), 1 - back * days);
    return { startMs: daysAway(endMs, -days), endMs };
  }

  async function load(): Promise<void> {
    if (!details.open || !shown || isLoading) return;
    const { state, wishes } = shown;
    const { texts, format, language } = speech();
    const nowMs = Date.parse(state.time);
    const { startMs, endMs } = range(nowMs);
    const stopMs = Math.min(endMs, nowMs);
    const key = [language, texts.valve, startMs, endMs, back === 0 ? state.decision?.id : ""].join(" ");
    if (key === loaded) return;
    isLoading = true;
    try {
      const series = (name: string, every?: string) =>
        getIfAny<HistoryResponse>(
          `/history?series=${name}&start=${iso(startMs)}&stop=${iso(stopMs)}${every ? `&every=${every}` : ""}`,
        );
      const [measured, actuators, tariff, comfort, own, thermostat] = await Promise.all([
        series("sensors.temperature", windows[length]),
        series("actuators.valve_position", windows[length]),
        series("tariff"),
        series("comfort.min", "1h"),
        series("sensors", "1h"),
        series("baseline", "1h"),
      ]);
      loaded = key;
      const sensors = ofDecidingRooms(measured, state);
      const past = sensors && actuators && tariff && comfort && { sensors, actuators, tariff, comfort };
      const course = pastCourseOf(past, { startMs, endMs, nowMs: stopMs });
      chart.show({
        course,
        comfort: wishes ? { ...state.comfort, max: wishes.max_c } : state.comfort,
        texts,
        format,
      });
      write("history-period", `${format.day(startMs)} – ${format.day(endMs - dayMs / 2)}`);
      writeSaving(own, thermostat);
    } finally {
      isLoading = false;
    }
  }

  function writeSaving(own: HistoryResponse | null, thermostat: HistoryResponse | null): void {
    const { texts, format, language } = speech();
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

  function refresh(): void {
    for (const name of names) byId(`history-${name}`).setAttribute("aria-pressed", String(name === length));
    byId<HTMLButtonElement>("history-later").disabled = back === 0;
    load().catch((error: unknown) => {
      console.warn(error);
      write("history-saving", speech().texts.noHistory);
    });
  }

  for (const name of names) {
    byId(`history-${name}`).addEventListener("click", () => {
      length = name;
      back = 0;
      refresh();
    });
  }
  byId("history-earlier").addEventListener("click", () => {
    back++;
    refresh();
  });
  byId("history-later").addEventListener("click", () => {
    back = Math.max(0, back - 1);
    refresh();
  });
  details.addEventListener("toggle", refresh);

  return {
    show(state: StateResponse, wishes: ComfortResponse | null): void {
      shown = { state, wishes };
      refresh();
    },
  };
}

function iso(timeMs: number): string {
  return new Date(timeMs).toISOString();
}
