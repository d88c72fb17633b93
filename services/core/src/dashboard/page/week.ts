/** The weekly schedule, the temperatures of the presets and the warmest acceptable. */
import type { Preset, Schedule, Warmest, Weekday } from "@azru/contracts";
import { makeTimeField, timeOfDay } from "./clock-field.ts";
import { byId, made, write } from "./elements.ts";
import { type Comfort, highestOf, presetNames, presets, type SendRequest } from "./request.ts";
import type { Speech } from "./view.ts";

type Entry = Schedule[Weekday][number];

const setpoints = [...presets, "vacation", "away"] as const;
const nightFields = ["night_from", "night_until"] as const;
/** A Monday, to name the days of the week from. */
const mondayMs = Date.UTC(2026, 0, 5, 12);
const dayMs = 86_400_000;

export class WeekForm {
  readonly #speech: () => Speech;
  readonly #send: SendRequest;
  readonly #form = byId<HTMLFormElement>("schedule-form");
  #shown: Comfort | undefined;
  /** The schedule as it is being edited. */
  #draft: Schedule | undefined;
  /** What the form was last written from. */
  #written = "";
  #isTouched = false;

  constructor(speech: () => Speech, send: SendRequest) {
    this.#speech = speech;
    this.#send = send;
    for (const name of nightFields) makeTimeField(this.#field(name), this.#notATime);
    this.#form.addEventListener("input", () => {
      this.#isTouched = true;
      this.#check();
    });
    byId("schedule-discard").addEventListener("click", () => this.#writeForm(this.#written));
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#submit();
    });
  }

  show(comfort: Comfort): void {
    this.#shown = comfort;
    for (const name of setpoints) this.#field(name).max = String(highestOf(comfort));
    const key = JSON.stringify([comfort.settings, this.#speech().language]);
    if (key !== this.#written && !this.#isTouched) this.#writeForm(key);
  }

  readonly #notATime = () => this.#speech().texts.notATime;

  #writeForm(key: string): void {
    if (!this.#shown) return;
    this.#written = key;
    this.#isTouched = false;
    const { presets_c, vacation_c, away_c, schedule } = this.#shown.settings;
    const { day_c, night_c, night_from, night_until } =
      this.#shown.settings.warmest ?? usualWarmest(this.#shown);
    const values = {
      ...{ ...presets_c, vacation: vacation_c, away: away_c ?? "" },
      comfort_of: this.#shown.of,
      ...{ warmest_day: day_c, warmest_night: night_c, night_from, night_until },
    };
    for (const [name, value] of Object.entries(values)) this.#field(name).value = String(value);
    this.#field("away").placeholder = this.#speech().texts.awayHint;
    this.#draft = structuredClone(schedule);
    this.#writeDays();
  }

  /** What the core would refuse is said before it is sent, in the user's language. */
  #check(): void {
    const { texts } = this.#speech();
    const [eco, comfort, boost] = presets.map((name) => this.#field(name));
    eco.setCustomValidity(Number(eco.value) > Number(comfort.value) ? texts.notAboveComfort : "");
    const warmest = this.#field("warmest_day");
    warmest.setCustomValidity(Number(warmest.value) < Number(comfort.value) ? texts.notBelowDay : "");
    boost.setCustomValidity(Number(boost.value) < Number(comfort.value) ? texts.notBelowComfort : "");
    for (const input of nightFields.map((name) => this.#field(name))) {
      input.setCustomValidity(timeOfDay(input.value) === undefined ? texts.notATime : "");
    }
    for (const day of byId("days").children) {
      const seen = new Set<string>();
      for (const input of day.querySelectorAll<HTMLInputElement>("input")) {
        const time = timeOfDay(input.value);
        const isTwice = time !== undefined && seen.has(time);
        input.setCustomValidity(isTwice ? texts.sameTimeTwice : time === undefined ? texts.notATime : "");
        if (time !== undefined) seen.add(time);
      }
    }
  }

  #field(name: string): HTMLInputElement {
    return this.#form.elements.namedItem(name) as HTMLInputElement;
  }

  #writeDays(): void {
    if (!this.#draft) return;
    const names = Object.keys(this.#draft) as Weekday[];
    byId("days").replaceChildren(...names.map((day, i) => this.#dayRow(day, i)));
    this.#check();
  }

  #dayRow(day: Weekday, i: number): HTMLElement {
    const { texts, format } = this.#speech();
    const title = format.weekday(mondayMs + i * dayMs);
    const row = made("fieldset", { className: "day" });
    const entries = this.#draft?.[day] ?? [];
    const lines = entries.map((entry, k) =>
      this.#entryLine(title, entry, () => this.#change(() => entries.splice(k, 1))),
    );
    const none = made("span", { className: "entry none", textContent: texts.goesOn });
    const add = made("button", { type: "button", textContent: "+", title: texts.addEntry });
    add.setAttribute("aria-label", `${texts.addEntry}: ${title}`);
    add.addEventListener("click", () => this.#change(() => entries.push(nextEntry(entries))));
    const copy = made("button", { type: "button", className: "copy", textContent: texts.copyToAll });
    copy.setAttribute("aria-label", `${texts.copyToAll}: ${title}`);
    copy.addEventListener("click", () => this.#change(() => this.#copyToAll(day)));
    row.append(made("legend", { textContent: title }), ...(lines.length > 0 ? lines : [none]), add, copy);
    return row;
  }

  #entryLine(title: string, entry: Entry, onRemove: () => void): HTMLElement {
    const { texts } = this.#speech();
    const time = made("input", { type: "text", className: "clock", value: entry.time, required: true });
    makeTimeField(time, this.#notATime);
    time.setAttribute("aria-label", `${title}, ${texts.from}`);
    time.addEventListener("input", () => {
      entry.time = timeOfDay(time.value) ?? entry.time;
    });
    const select = made("select", {});
    select.setAttribute("aria-label", `${title}, ${entry.time}`);
    for (const preset of presets) {
      const isSelected = preset === entry.preset;
      select.append(new Option(texts[presetNames[preset]], preset, isSelected, isSelected));
    }
    select.addEventListener("change", () => {
      entry.preset = select.value as Preset;
    });
    const remove = made("button", { type: "button", textContent: "×", title: texts.removeEntry });
    remove.setAttribute("aria-label", `${texts.removeEntry}: ${title}, ${entry.time}`);
    remove.addEventListener("click", onRemove);
    const line = made("span", { className: "entry" });
    line.append(time, select, remove);
    return line;
  }

  #copyToAll(day: Weekday): void {
    if (!this.#draft) return;
    for (const other of Object.keys(this.#draft) as Weekday[]) {
      this.#draft[other] = structuredClone(this.#draft[day]);
    }
  }

  /** Another number of entries: the days are written anew. */
  #change(how: () => unknown): void {
    this.#isTouched = true;
    how();
    this.#writeDays();
  }

  async #submit(): Promise<void> {
    if (!this.#draft) return;
    if (Object.values(this.#draft).every((entries) => entries.length === 0)) {
      write("comfort-answer", this.#speech().texts.emptySchedule);
      return;
    }
    if (await this.#send("/comfort", this.#settings(this.#draft), "PUT")) this.#isTouched = false;
  }

  #settings(draft: Schedule): Comfort["settings"] {
    const text = (name: string) => this.#field(name).value;
    const number = (name: string) => Number(text(name));
    const sorted = Object.entries(draft).map(([day, entries]) => [
      day,
      entries.toSorted((a, b) => a.time.localeCompare(b.time)),
    ]);
    return {
      presets_c: { eco: number("eco"), comfort: number("comfort"), boost: number("boost") },
      away_c: text("away") === "" ? null : number("away"),
      vacation_c: number("vacation"),
      schedule: Object.fromEntries(sorted),
      of: text("comfort_of") === "operative" ? "operative" : "air",
      warmest: {
        day_c: number("warmest_day"),
        night_c: number("warmest_night"),
        night_from: timeOfDay(text("night_from")) ?? "",
        night_until: timeOfDay(text("night_until")) ?? "",
      },
    };
  }
}

/** What the form begins with where nobody has said what is too warm. */
function usualWarmest({ max_c }: Comfort): Warmest {
  return { day_c: max_c, night_c: max_c, night_from: "22:00", night_until: "07:00" };
}

/** A later time than the last, and the other preset. */
function nextEntry(entries: readonly Entry[]): Entry {
  const last = entries.at(-1);
  if (!last) return { time: "06:30", preset: "comfort" };
  const hour = Number(last.time.slice(0, 2));
  const time = `${String(hour < 6 ? 6 : Math.min(hour + 1, 23)).padStart(2, "0")}:30`;
  const preset = last.preset === "eco" ? "comfort" : "eco";
  return { time: time > last.time ? time : "23:59", preset };
}
