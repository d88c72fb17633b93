/** What the user may ask for: presets, presence, a vacation, the weekly schedule. */
import type { Preset, StateResponse } from "@azru/contracts";
import type { Change } from "./controls.ts";
import { byId, write } from "./elements.ts";
import { dayOf } from "./format.ts";
import { type Comfort, presetNames, presets, type SendRequest } from "./request.ts";
import { Taps } from "./taps.ts";
import { VacationForm } from "./vacation.ts";
import type { Speech } from "./view.ts";
import { WeekForm } from "./week.ts";

const ruleNames = {
  temporary: "byTemporary",
  vacation: "byVacation",
  away: "byAway",
  schedule: "bySchedule",
} as const;
/** A distance from the setpoint that is explained, K. */
const worthSaying_k = 0.3;

export function createComfort(speech: () => Speech, change: Change) {
  const send: SendRequest = (path, body, method = "POST") =>
    change(path, body, () => speech().texts.done, { method, answerId: "comfort-answer" });
  const taps = new Taps(speech, send);
  const vacation = new VacationForm(speech, send);
  const week = new WeekForm(speech, send);

  for (const preset of presets) {
    presetButton(preset).addEventListener("click", () => void send("/control/preset", { preset }));
  }
  byId("to-schedule").addEventListener("click", () => void send("/control/preset", { preset: "schedule" }));
  byId("present").addEventListener("click", () => void send("/control/presence", { present: true }));
  byId("away").addEventListener("click", () => void send("/control/presence", { present: false }));

  return {
    show(comfort: Comfort, state: Pick<StateResponse, "time" | "comfort" | "model" | "estimate">) {
      const nowMs = Date.parse(state.time);
      taps.show(comfort);
      writeMargin(state.model.standing?.trusted === false ? 0 : state.comfort.margin, speech());
      writeInForce(comfort, nowMs, speech());
      writeOperative(comfort, state.estimate, speech());
      writePresets(comfort, speech());
      byId("to-schedule").hidden = comfort.temporary === null;
      byId("present").setAttribute("aria-pressed", String(comfort.present));
      byId("away").setAttribute("aria-pressed", String(!comfort.present));
      vacation.show(comfort, nowMs);
      week.show(comfort);
    },
  };
}

/** What holds now, until when and why. */
function writeInForce({ in_force }: Comfort, nowMs: number, { texts, format }: Speech): void {
  const name = in_force.preset ? ` (${texts[presetNames[in_force.preset]]})` : "";
  const endMs = in_force.until === null ? undefined : Date.parse(in_force.until);
  const when = (timeMs: number) =>
    dayOf(timeMs) === dayOf(nowMs) ? format.clock(timeMs) : format.instant(timeMs);
  const end = endMs === undefined ? "" : ` ${texts.until} ${when(endMs)}`;
  write(
    "comfort-now",
    `${texts.atLeast} ${format.temperature(in_force.setpoint_c)}${end} · ${texts[ruleNames[in_force.rule]]}${name}`,
  );
}

/** What air and walls have together, where comfort is asked of it: no thermometer shows it. */
function writeOperative(
  { of }: Comfort,
  estimate: StateResponse["estimate"],
  { texts, format }: Speech,
): void {
  const operative_c = of === "operative" ? estimate?.operative_temperature : undefined;
  byId("operative").hidden = operative_c === undefined;
  if (operative_c !== undefined)
    write("operative", `${texts.operativeNow} ${format.temperature(operative_c)}`);
}

function writePresets({ in_force, settings }: Comfort, { texts, format }: Speech): void {
  for (const preset of presets) {
    const button = presetButton(preset);
    const setpoint_c = settings.presets_c[preset];
    button.textContent = `${texts[presetNames[preset]]} ${format.number(setpoint_c, Number.isInteger(setpoint_c) ? 0 : 1)}\u00a0°C`;
    button.setAttribute("aria-pressed", String(in_force.preset === preset));
  }
}

/** Why plans keep a distance from the setpoint, while it is a large one; none where no plan is made yet. */
function writeMargin(margin_k: number, { texts, format }: Speech): void {
  const isLarge = margin_k >= worthSaying_k;
  byId("margin").hidden = !isLarge;
  if (isLarge) {
    write("margin", `${texts.marginLearning} (${texts.marginNow} ${format.number(margin_k, 1)}\u00a0°C)`);
  }
}

function presetButton(preset: Preset): Element {
  const button = document.querySelector(`[data-preset="${preset}"]`);
  if (button === null) throw new Error(`the page has no button for ${preset}`);
  return button;
}
