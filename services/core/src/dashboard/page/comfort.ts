/** What the user may wish for: presets, presence, a vacation, the weekly schedule. */
import type {
  ComfortResponse as Comfort,
  Preset,
  Schedule,
  StateResponse,
  Warmest,
  Weekday,
} from "@azru/contracts";
import type { Change } from "./controls.ts";
import { byId, made, write } from "./elements.ts";
import { dayOf, homeTimeMs, localMinute } from "./format.ts";
import { phrases } from "./phrases.ts";
import type { Speech } from "./view.ts";

const presets = ["eco", "comfort", "boost"] as const;
const setpoints = [...presets, "vacation", "away"] as const;
const presetNames = {
  eco: "presetEco",
  comfort: "presetComfort",
  boost: "presetBoost",
} as const;
const ruleNames = {
  temporary: "byTemporary",
  vacation: "byVacation",
  away: "byAway",
  schedule: "bySchedule",
} as const;
/** A Monday, to name the days of the week from. */
const mondayMs = Date.UTC(2026, 0, 5, 12);
const dayMs = 86_400_000;
/** What may be asked for at all, degrees C. */
const lowest_c = 5;
const highest_c = 30;
/** Pause after a tap in which another may follow. */
const tapPause_ms = 600;
/** A distance from the setpoint that is explained, K. */
const worthSaying_k = 0.3;

export function createComfort(speech: () => Speech, change: Change) {
  const form = byId("schedule-form") as HTMLFormElement;
  const from = byId("vacation-from") as HTMLInputElement;
  const until = byId("vacation-until") as HTMLInputElement;
  const setpoint = byId("vacation-setpoint") as HTMLInputElement;
  let shown: Comfort | undefined;
  /** The schedule as it is being edited. */
  let draft: Schedule | undefined;
  /** What the form was last written from. */
  let written = "";
  let isTouched = false;
  let isVacationTouched = false;
  let earliestReturn = "";

  const wish = (path: string, body: object | undefined, method: "POST" | "PUT" | "DELETE" = "POST") =>
    change(path, body, () => speech().texts.done, { method, answerId: "comfort-answer" });

  function show(comfort: Comfort, state: Pick<StateResponse, "time" | "comfort">) {
    const nowMs = Date.parse(state.time);
    shown = comfort;
    showAsked(comfort);
    showMargin(state.comfort.margin);
    const { texts, format } = speech();
    const { in_force, temporary, present, settings } = comfort;
    const name = in_force.preset ? ` (${texts[presetNames[in_force.preset]]})` : "";
    const end = in_force.until === null ? "" : ` ${texts.until} ${when(Date.parse(in_force.until), nowMs)}`;
    write(
      "comfort-now",
      `${texts.atLeast} ${format.temperature(in_force.setpoint_c)}${end} · ${texts[ruleNames[in_force.rule]]}${name}`,
    );
    for (const preset of presets) {
      const button = presetButton(preset);
      const setpoint_c = settings.presets_c[preset];
      button.textContent = `${texts[presetNames[preset]]} ${format.number(setpoint_c, Number.isInteger(setpoint_c) ? 0 : 1)}\u00a0°C`;
      button.setAttribute("aria-pressed", String(in_force.preset === preset));
    }
    byId("to-schedule").hidden = temporary === null;
    byId("present").setAttribute("aria-pressed", String(present));
    byId("away").setAttribute("aria-pressed", String(!present));
    showVacation(comfort, nowMs);
    for (const input of [setpoint, ...setpoints.map(field)]) {
      input.max = String(highestOf(comfort));
    }
    const key = JSON.stringify([settings, speech().language]);
    if (key !== written && !isTouched) writeForm(key);
  }

  function showVacation({ vacation, settings }: Comfort, nowMs: number) {
    const { texts, format, language } = speech();
    byId("vacation").hidden = vacation !== null;
    byId("vacation-told").hidden = vacation === null;
    if (vacation) {
      const [beginMs, endMs] = [vacation.from, vacation.until].map(Date.parse);
      const begin = beginMs > nowMs ? format.instant(beginMs) : null;
      const { vacation: say } = phrases[language];
      write("vacation-text", say(begin, format.instant(endMs), format.temperature(vacation.setpoint_c)));
      write("vacation-end", begin === null ? texts.vacationEnd : texts.vacationCancel);
    }
    if (!isVacationTouched) setpoint.value = String(settings.vacation_c);
    earliestReturn = localMinute(nowMs);
    limitReturn();
  }

  function limitReturn() {
    until.min = from.value || earliestReturn;
  }

  function when(timeMs: number, nowMs: number) {
    const { format } = speech();
    return dayOf(timeMs) === dayOf(nowMs) ? format.clock(timeMs) : format.instant(timeMs);
  }

  function writeForm(key: string) {
    if (!shown) return;
    written = key;
    isTouched = false;
    const { presets_c, vacation_c, away_c, schedule } = shown.settings;
    const values = { ...presets_c, vacation: vacation_c, away: away_c ?? "" };
    for (const [name, value] of Object.entries(values)) field(name).value = String(value);
    const { day_c, night_c, night_from, night_until } = shown.settings.warmest ?? usualWarmest(shown);
    const warmest = { warmest_day: day_c, warmest_night: night_c, night_from, night_until };
    for (const [name, value] of Object.entries(warmest)) field(name).value = String(value);
    field("away").placeholder = speech().texts.awayHint;
    draft = structuredClone(schedule);
    writeDays();
    check();
  }

  /** The temperature that was tapped, until the core has it. */
  let tapped_c: number | undefined;
  let sending: ReturnType<typeof setTimeout> | undefined;

  function showAsked({ in_force }: Comfort) {
    if (sending !== undefined) return;
    tapped_c = undefined;
    write("asked", speech().format.temperature(in_force.setpoint_c));
  }

  /** Half a degree for each tap; sent when no other follows. */
  function tap(step_c: number) {
    if (!shown) return;
    const { in_force } = shown;
    const wanted_c = Math.round(2 * ((tapped_c ?? in_force.setpoint_c) + step_c)) / 2;
    tapped_c = Math.min(Math.max(wanted_c, lowest_c), Math.min(highestOf(shown), highest_c));
    write("asked", speech().format.temperature(tapped_c));
    clearTimeout(sending);
    sending = setTimeout(() => {
      sending = undefined;
      void wish("/control/setpoint", { setpoint_c: tapped_c });
    }, tapPause_ms);
  }

  /** Why plans keep a distance from the setpoint, while it is a large one. */
  function showMargin(margin_k: number) {
    const { texts, format } = speech();
    const isLarge = margin_k >= worthSaying_k;
    byId("margin").hidden = !isLarge;
    if (isLarge)
      write("margin", `${texts.marginLearning} (${texts.marginNow} ${format.number(margin_k, 1)}\u00a0°C)`);
  }

  /** The day and time of each date field, in the page's language: browsers write the field in their own. */
  function echoDates() {
    const { format } = speech();
    for (const input of [from, until]) {
      const timeMs = homeTimeMs(input.value);
      write(`${input.id}-text`, timeMs === undefined ? "" : format.instant(timeMs));
    }
  }

  /** What the core would refuse is told before it is sent, in the user's language. */
  function check() {
    const { texts } = speech();
    const [eco, comfort, boost] = presets.map(field);
    eco.setCustomValidity(Number(eco.value) > Number(comfort.value) ? texts.notAboveComfort : "");
    const day = field("warmest_day");
    day.setCustomValidity(Number(day.value) < Number(comfort.value) ? texts.notBelowDay : "");
    boost.setCustomValidity(Number(boost.value) < Number(comfort.value) ? texts.notBelowComfort : "");
    for (const day of byId("days").children) {
      const times: NodeListOf<HTMLInputElement> = day.querySelectorAll("input[type=time]");
      const seen = new Set();
      for (const time of times) {
        time.setCustomValidity(seen.has(time.value) ? texts.sameTimeTwice : "");
        seen.add(time.value);
      }
    }
  }

  function field(name: string) {
    return form.elements.namedItem(name) as HTMLInputElement;
  }

  function writeDays() {
    if (!draft) return;
    const names = Object.keys(draft) as Weekday[];
    byId("days").replaceChildren(...names.map((day, i) => dayRow(day, i)));
    check();
  }

  function dayRow(day: Weekday, i: number) {
    const { texts, format } = speech();
    const title = format.weekday(mondayMs + i * dayMs);
    const row = made("fieldset", { className: "day" });
    const entries = draft?.[day] ?? [];
    const list = entries.map((entry, k) => {
      const time = made("input", { type: "time", value: entry.time, required: true });
      time.setAttribute("aria-label", `${title}, ${texts.from}`);
      time.addEventListener("change", () => edit(() => (entry.time = time.value)));
      const select = made("select", {});
      select.setAttribute("aria-label", `${title}, ${entry.time}`);
      for (const preset of presets) {
        const isSelected = preset === entry.preset;
        select.append(new Option(texts[presetNames[preset]], preset, isSelected, isSelected));
      }
      select.addEventListener("change", () => edit(() => (entry.preset = select.value as Preset)));
      const remove = made("button", { type: "button", textContent: "×", title: texts.removeEntry });
      remove.setAttribute("aria-label", `${texts.removeEntry}: ${title}, ${entry.time}`);
      remove.addEventListener("click", () => {
        edit(() => entries.splice(k, 1));
        writeDays();
      });
      const line = made("span", { className: "entry" });
      line.append(time, select, remove);
      return line;
    });
    const add = made("button", { type: "button", textContent: "+", title: texts.addEntry });
    add.setAttribute("aria-label", `${texts.addEntry}: ${title}`);
    add.addEventListener("click", () => {
      edit(() => entries.push(nextEntry(entries)));
      writeDays();
    });
    const copy = made("button", { type: "button", className: "copy", textContent: texts.copyToAll });
    copy.setAttribute("aria-label", `${texts.copyToAll}: ${title}`);
    copy.addEventListener("click", () => {
      edit(copyToAll.bind(undefined, day));
      writeDays();
    });
    const none = made("span", { className: "entry none", textContent: texts.goesOn });
    row.append(made("legend", { textContent: title }), ...(list.length > 0 ? list : [none]), add, copy);
    return row;
  }

  function copyToAll(day: Weekday) {
    if (!draft) return;
    for (const other of Object.keys(draft) as Weekday[]) {
      draft[other] = structuredClone(draft[day]);
    }
  }

  function edit(how: () => unknown) {
    isTouched = true;
    how();
  }

  for (const preset of presets) {
    presetButton(preset).addEventListener("click", () => void wish("/control/preset", { preset }));
  }
  byId("to-schedule").addEventListener("click", () => void wish("/control/preset", { preset: "schedule" }));
  byId("present").addEventListener("click", () => void wish("/control/presence", { present: true }));
  byId("away").addEventListener("click", () => void wish("/control/presence", { present: false }));
  byId("vacation").addEventListener("submit", (event) => {
    event.preventDefault();
    const begin = from.value === "" ? {} : { from: from.value };
    const asked = { ...begin, until: until.value, setpoint_c: Number(setpoint.value) };
    void wish("/control/vacation", asked).then((isDone) => {
      if (!isDone) return;
      for (const input of [from, until]) input.value = "";
      echoDates();
      isVacationTouched = false;
    });
  });
  byId("vacation").addEventListener("input", () => {
    isVacationTouched = true;
    limitReturn();
    echoDates();
  });
  byId("cooler").addEventListener("click", () => tap(-0.5));
  byId("warmer").addEventListener("click", () => tap(0.5));
  byId("vacation-end").addEventListener("click", () => void wish("/control/vacation", undefined, "DELETE"));
  form.addEventListener("input", () => {
    isTouched = true;
    check();
  });
  byId("schedule-discard").addEventListener("click", () => writeForm(written));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!draft) return;
    if (Object.values(draft).every((entries) => entries.length === 0)) {
      write("comfort-answer", speech().texts.emptySchedule);
      return;
    }
    const number = (name: string) => Number(field(name).value);
    const sorted = Object.entries(draft).map(([day, entries]) => [
      day,
      entries.toSorted((a, b) => a.time.localeCompare(b.time)),
    ]);
    const settings = {
      presets_c: { eco: number("eco"), comfort: number("comfort"), boost: number("boost") },
      away_c: field("away").value === "" ? null : number("away"),
      vacation_c: number("vacation"),
      schedule: Object.fromEntries(sorted),
      warmest: {
        day_c: number("warmest_day"),
        night_c: number("warmest_night"),
        night_from: field("night_from").value,
        night_until: field("night_until").value,
      },
    };
    if (await wish("/comfort", settings, "PUT")) isTouched = false;
  });

  return { show };
}

function presetButton(preset: Preset) {
  const button = document.querySelector(`[data-preset="${preset}"]`);
  if (button === null) throw new Error(`the page has no button for ${preset}`);
  return button;
}

/** What the form begins with where nobody has said what is too warm. */
function usualWarmest({ max_c }: Comfort): Warmest {
  return { day_c: max_c, night_c: max_c, night_from: "22:00", night_until: "07:00" };
}

/** The highest temperature that may be asked for. */
function highestOf({ max_c, settings: { warmest } }: Comfort): number {
  return warmest ? Math.max(warmest.day_c, warmest.night_c) : max_c;
}

/** A later time than the last, and the other preset. */
function nextEntry(entries: Schedule["monday"]) {
  const last = entries.at(-1);
  if (!last) return { time: "06:30", preset: "comfort" as Preset };
  const hour = Number(last.time.slice(0, 2));
  const time = `${String(hour < 6 ? 6 : Math.min(hour + 1, 23)).padStart(2, "0")}:30`;
  const preset = last.preset === "eco" ? "comfort" : ("eco" as Preset);
  return { time: time > last.time ? time : "23:59", preset };
}
