/** Set-up: a few questions about the home, and what follows from the answers. Runs in the browser. */
import {
  type AssumptionName,
  type HealthResponse,
  hasWaterOrFloor,
  type SetupAnswers,
  type SetupResponse,
} from "@azru/contracts";
import { isRoomName, mostHeatedRooms } from "@azru/contracts/room-name";
import {
  assumptionRules,
  assumptionsOf,
  buildingOf,
  findTown,
  heatLoss_w_k,
  setupTexts,
  towns,
} from "@azru/setup";
import { ApiError, get, send } from "./api.ts";
import { makeTimeField, timeOfDay } from "./clock-field.ts";
import { byId, inEnglish, made, write } from "./elements.ts";
import { createFormat } from "./format.ts";
import { chosenLanguage, followLanguageButtons, writeNamedTexts } from "./language.ts";
import { createDeviceFields } from "./setup-devices.ts";
import { type TextKey, texts } from "./texts.ts";
import { tokenDialog } from "./token.ts";

const form = byId<HTMLFormElement>("setup");
const town = byId<HTMLInputElement>("town");
/** Wall time between two looks whether the core is back. */
const look_ms = 500;
const longestStart_ms = 60_000;

let language = chosenLanguage();
let answers: SetupAnswers;
const askToken = tokenDialog(() => texts[language]);
const devices = createDeviceFields(() => setupTexts[language].devices, update);

/** A text by its dotted name, such as `heaters.panel`, of set-up or else of what all pages share. */
function textOf(name: string): string {
  let found: unknown = setupTexts[language];
  for (const part of name.split(".")) found = (found as Record<string, unknown> | undefined)?.[part];
  return String(found ?? texts[language][name as TextKey]);
}

function field(name: string): HTMLInputElement {
  return form.elements.namedItem(name) as HTMLInputElement;
}

function writeTexts(): void {
  writeNamedTexts(language, textOf);
  for (const select of document.querySelectorAll<HTMLSelectElement>("[data-choices]")) {
    const chosen = select.value;
    const choices = setupTexts[language][select.dataset.choices as "dwellings"];
    select.replaceChildren(...Object.entries(choices).map(([value, text]) => new Option(text, value)));
    if (chosen !== "") select.value = chosen;
  }
  devices.writeTexts();
  document.title = `Azru – ${textOf("title")}`;
}

const ofDevices = ["thermometers", "radiators", "subscribed_kva", "base_load_w"];

/** Writes the answers into the form. */
function writeAnswers(): void {
  town.value = answers.town.name;
  for (const [name, value] of Object.entries(answers)) {
    if (["town", "changed", ...ofDevices].includes(name)) continue;
    if (name === "rooms") field(name).value = answers.rooms.join("\n");
    else if (name === "heat_pump") field(name).checked = answers.heat_pump;
    else field(name).value = value === null ? "" : String(value);
  }
  devices.write(answers);
}

/** Reads the form; what is no valid answer stays as it was before. */
function readAnswers(): void {
  const text = (name: string) => field(name).value;
  const number = (name: Extract<keyof SetupAnswers, string>, fallback: number) =>
    text(name) !== "" && field(name).validity.valid ? Number(text(name)) : fallback;
  const dwelling = text("dwelling") as SetupAnswers["dwelling"];
  const heater = text("heater") as SetupAnswers["heater"];
  const hasWater = hasWaterOrFloor(heater);
  const written = roomsIn(text("rooms"));
  const rooms = written.length > 0 ? written : answers.rooms;
  devices.setRooms(rooms);
  answers = {
    town: townOf() ?? answers.town,
    dwelling,
    floor_area_m2: number("floor_area_m2", answers.floor_area_m2),
    storeys: dwelling === "flat" ? 1 : number("storeys", answers.storeys),
    year: number("year", answers.year),
    insulation: text("insulation") as SetupAnswers["insulation"],
    glazing: text("glazing") as SetupAnswers["glazing"],
    walls: text("walls") as SetupAnswers["walls"],
    heater,
    heat_pump: hasWater && field("heat_pump").checked,
    power_kw: text("power_kw") === "" ? null : number("power_kw", answers.power_kw ?? 1),
    rooms,
    ...devices.read(),
    ...(hasWater && { radiators: [], thermometers: [] }),
    thermostat: text("thermostat") as SetupAnswers["thermostat"],
    contract: text("contract") as SetupAnswers["contract"],
    coolest_day_c: number("coolest_day_c", answers.coolest_day_c),
    coolest_night_c: number("coolest_night_c", answers.coolest_night_c),
    warmest_day_c: number("warmest_day_c", answers.warmest_day_c),
    warmest_night_c: number("warmest_night_c", answers.warmest_night_c),
    wake: timeOfDay(text("wake")) ?? answers.wake,
    sleep: timeOfDay(text("sleep")) ?? answers.sleep,
    changed: answers.changed,
  };
  byId("storeys-field").hidden = dwelling === "flat";
  byId("heat-pump-field").hidden = !hasWater;
  byId("devices").hidden = hasWater;
  byId<HTMLFieldSetElement>("device-fields").disabled = hasWater;
  byId("power-limit").hidden = answers.radiators.length === 0;
  byId("power-field").hidden = answers.radiators.length > 0;
}

function roomsIn(text: string): string[] {
  const rooms = text.split(/[\n,]/).map((room) => room.trim());
  return [...new Set(rooms.filter(Boolean))];
}

/** Why no home has such rooms, empty where one may. */
function roomsProblem(rooms: readonly string[]): string {
  if (rooms.length > mostHeatedRooms) return textOf("tooManyRooms");
  const bad = rooms.find((room) => !isRoomName(room));
  return bad === undefined ? "" : `${textOf("badRoom")} ${bad}`;
}

function townOf(): SetupAnswers["town"] | undefined {
  return town.value === answers.town.name ? answers.town : findTown(town.value);
}

/** What the core would refuse is said at the field, in the user's language. */
function check(): void {
  town.setCustomValidity(townOf() === undefined ? textOf("unknownTown") : "");
  field("rooms").setCustomValidity(roomsProblem(roomsIn(field("rooms").value)));
  const { lessThanDegree, nightAboveDay, notATime } = texts[language];
  const [wake, sleep] = ["wake", "sleep"].map((name) => timeOfDay(field(name).value));
  const sleepProblem = sleep === wake ? textOf("sleepIsWake") : "";
  field("sleep").setCustomValidity(sleep === undefined ? notATime : sleepProblem);
  for (const time of ["day", "night"]) {
    const coolest = Number(field(`coolest_${time}_c`).value);
    const warmest = field(`warmest_${time}_c`);
    warmest.setCustomValidity(Number(warmest.value) < coolest + 1 ? lessThanDegree : "");
  }
  const night = field("coolest_night_c");
  night.setCustomValidity(Number(night.value) > Number(field("coolest_day_c").value) ? nightAboveDay : "");
  devices.check(answers);
}

/** The figures that follow, each with a field to change it. */
function writeAssumptions(): void {
  const format = createFormat(language);
  const assumed = assumptionsOf(answers);
  const building = buildingOf(answers);
  const need_kw = (heatLoss_w_k(building) * Math.max(0, answers.coolest_day_c)) / 1000;
  const loss = byId("heat-loss").querySelector("strong");
  if (loss) loss.textContent = `${format.number(need_kw, 1)}\u00a0kW`;
  for (const [name, { unit, decimals }] of rules()) {
    const input = byId<HTMLInputElement>(`assumed-${name}`);
    const own = answers.changed[name];
    if (document.activeElement !== input) input.value = String(own ?? assumed[name]);
    write(`label-${name}`, `${textOf(`assumptions.${name}`)}${unit === "" ? "" : `, ${unit}`}`);
    const remark = byId(`remark-${name}`);
    remark.textContent =
      own === undefined
        ? ""
        : `${textOf("ownValue")} (${textOf("reset")}${language === "fr" ? "\u202f:" : ":"} ${format.number(assumed[name], decimals)})`;
    remark.classList.toggle("own", own !== undefined);
  }
}

function rules() {
  return Object.entries(assumptionRules) as [AssumptionName, (typeof assumptionRules)[AssumptionName]][];
}

function makeAssumptions(): void {
  byId("assumptions").replaceChildren(
    ...rules().map(([name, { min, max, decimals }]) => {
      const label = made("label", {});
      const input = made("input", {
        id: `assumed-${name}`,
        type: "number",
        min: String(min),
        max: String(max),
        step: String(10 ** -decimals),
      });
      input.addEventListener("change", () => {
        const value = Number(input.value);
        const isOwn = input.value !== "" && input.validity.valid && value !== assumptionsOf(answers)[name];
        const { [name]: _, ...others } = answers.changed;
        answers = { ...answers, changed: isOwn ? { ...others, [name]: value } : others };
        update();
      });
      label.append(made("span", { id: `label-${name}` }), input, made("small", { id: `remark-${name}` }));
      return label;
    }),
  );
}

function update(): void {
  readAnswers();
  check();
  write("contract-hint", setupTexts[language].contractHints[answers.contract]);
  writeAssumptions();
}

/** Sends the answers, waits until the core is back with them, and goes to the home's page. */
async function save(): Promise<void> {
  update();
  if (!form.reportValidity()) return;
  write("setup-answer", "");
  let before: HealthResponse;
  try {
    before = await get<HealthResponse>("/health");
    await send("PUT", "/setup", answers, askToken);
  } catch (error) {
    const answer = byId("setup-answer");
    answer.textContent = `${textOf("notAccepted")} `;
    answer.append(error instanceof ApiError ? inEnglish(error.message) : texts[language].unreachable);
    return;
  }
  write("setup-answer", textOf("saved"));
  await whenRestarted(before.uptime_s);
  location.href = "./";
}

/** Resolves when another process answers, which has run for a shorter time. */
async function whenRestarted(uptime_s: number): Promise<void> {
  const began = performance.now();
  while (performance.now() - began < longestStart_ms) {
    await new Promise((resolve) => setTimeout(resolve, look_ms));
    const health = await get<HealthResponse>("/health").catch(() => undefined);
    if (health && health.uptime_s < uptime_s + (performance.now() - began) / 1000 - 1) return;
  }
}

async function begin(): Promise<void> {
  const { answers: known, overridden_by } = await get<SetupResponse>("/setup");
  answers = known;
  byId("towns").replaceChildren(...towns.map(({ name }) => new Option("", name)));
  makeAssumptions();
  for (const name of ["wake", "sleep"]) makeTimeField(field(name), () => texts[language].notATime);
  writeTexts();
  writeAnswers();
  update();
  const overridden = byId("overridden");
  overridden.hidden = overridden_by.length === 0;
  overridden.textContent = `${textOf("overridden")} ${overridden_by.join(", ")}.`;
  form.addEventListener("input", update);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void save();
  });
  followLanguageButtons((chosen) => {
    language = chosen;
    writeTexts();
    update();
  });
  document.body.dataset.ready = "true";
}

void begin();
