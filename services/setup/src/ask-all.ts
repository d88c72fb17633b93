/** The questions of set-up, one after the other, in a terminal. */
import {
  type AssumptionName,
  describeZodError,
  hasWaterOrFloor,
  type SetupAnswers,
  setupAnswersSchema,
} from "@azru/contracts";
import { isRoomName, mostHeatedRooms } from "@azru/contracts/room-name";
import {
  assumptionRules,
  assumptionsOf,
  buildingOf,
  figuresOf,
  findTown,
  heatLoss_w_k,
  type SetupLanguage,
  type SetupTexts,
  setupTexts,
} from "@azru/setup";
import { cancel, confirm, intro, note, outro } from "@clack/prompts";
import { askDevices } from "./ask-devices.ts";
import { answered, choice, figure, numberOf, outside, Stopped, wholeFigure, words } from "./prompts.ts";

/** @returns the answers; undefined where the user stops */
export async function askAll(
  before: SetupAnswers,
  language: SetupLanguage,
): Promise<SetupAnswers | undefined> {
  const texts = setupTexts[language];
  intro(texts.title);
  try {
    for (let answers = before; ; ) {
      answers = { ...answers, ...(await askHome(answers, texts)) };
      answers = { ...answers, ...(await askHeating(answers, texts)) };
      answers = { ...answers, ...(await askDevices(answers, texts.devices)) };
      answers = { ...answers, ...(await askComfort(answers, texts)) };
      answers = await askAssumptions(answers, texts, language);
      const checked = setupAnswersSchema.safeParse(answers);
      if (checked.success) {
        outro(texts.save);
        return checked.data;
      }
      note(describeZodError(checked.error, answers, "answers"), texts.notAccepted);
    }
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
    cancel();
    return undefined;
  }
}

async function askHome(a: SetupAnswers, texts: SetupTexts): Promise<Partial<SetupAnswers>> {
  const townName = await words(texts.town, a.town.name, (name) =>
    name === a.town.name || findTown(name) ? undefined : texts.unknownTown,
  );
  const town = townName === a.town.name ? a.town : findTown(townName)!;
  const dwelling = await choice(texts.dwelling, texts.dwellings, a.dwelling);
  return {
    town,
    dwelling,
    floor_area_m2: await figure(texts.floor_area_m2, a.floor_area_m2, 8, 1000),
    storeys: dwelling === "flat" ? 1 : await wholeFigure(texts.storeys, a.storeys, 1, 4),
    year: await wholeFigure(texts.year, a.year, 1500, 2100),
    insulation: await choice(texts.insulation, texts.insulations, a.insulation),
    glazing: await choice(texts.glazing, texts.glazings, a.glazing),
    walls: await choice(texts.walls, texts.wallKinds, a.walls),
  };
}

async function askHeating(a: SetupAnswers, texts: SetupTexts): Promise<Partial<SetupAnswers>> {
  const heater = await choice(texts.heater, texts.heaters, a.heater, texts.heaterHints);
  const hasWater = hasWaterOrFloor(heater);
  const heat_pump =
    hasWater && (await answered<boolean>(confirm({ message: texts.heat_pump, initialValue: a.heat_pump })));
  const power = await words(
    `${texts.power_kw} (${texts.powerHint})`,
    a.power_kw === null ? "" : String(a.power_kw),
    (value) => (value === "" ? undefined : outside(value, 0.2, 100)),
  );
  const rooms = await words(`${texts.rooms} (${texts.roomsInLineHint})`, a.rooms.join(", "), (value) =>
    roomsProblem(value, texts),
  );
  const thermostat = await choice(texts.thermostat, texts.thermostats, a.thermostat);
  const contract = await choice(texts.contractKind, texts.contracts, a.contract);
  note(texts.contractHints[contract], texts.contracts[contract]);
  return {
    heater,
    heat_pump,
    power_kw: power === "" ? null : numberOf(power),
    rooms: roomsOf(rooms),
    thermostat,
    contract,
  };
}

async function askComfort(a: SetupAnswers, texts: SetupTexts): Promise<Partial<SetupAnswers>> {
  const time = (value: string) => (/^([01]\d|2[0-3]):[0-5]\d$/.test(value) ? undefined : "06:30");
  const coolest_day_c = await figure(texts.coolest_day_c, a.coolest_day_c, 5, 29);
  const coolest_night_c = await figure(
    texts.coolest_night_c,
    Math.min(a.coolest_night_c, coolest_day_c),
    5,
    coolest_day_c,
  );
  const warmest_day_c = await figure(
    texts.warmest_day_c,
    Math.max(a.warmest_day_c, coolest_day_c + 1),
    coolest_day_c + 1,
    30,
  );
  const warmest_night_c = await figure(
    texts.warmest_night_c,
    Math.max(a.warmest_night_c, coolest_night_c + 1),
    coolest_night_c + 1,
    30,
  );
  const wake = await words(texts.wake, a.wake, time);
  const sleep = await words(
    texts.sleep,
    a.sleep,
    (value) => time(value) ?? (value === wake ? texts.sleepIsWake : undefined),
  );
  return { coolest_day_c, coolest_night_c, warmest_day_c, warmest_night_c, wake, sleep };
}

/** Shows what is assumed, and lets each figure be changed until the user is content. */
async function askAssumptions(
  answers: SetupAnswers,
  texts: SetupTexts,
  language: SetupLanguage,
): Promise<SetupAnswers> {
  const names = Object.keys(assumptionRules) as AssumptionName[];
  for (let current = answers; ; ) {
    const figures = figuresOf(current);
    const need_kw = (heatLoss_w_k(buildingOf(current)) * Math.max(0, current.coolest_day_c)) / 1000;
    note(
      `${texts.heatLoss} ${need_kw.toLocaleString(language, { maximumFractionDigits: 1 })} kW`,
      texts.assumed,
    );
    const shown = Object.fromEntries(
      names.map((name) => [
        name,
        `${texts.assumptions[name]}: ${figures[name]} ${assumptionRules[name].unit}`,
      ]),
    ) as Record<AssumptionName, string>;
    const chosen = await choice(texts.assumedIntro, { done: texts.save, ...shown }, "done");
    if (chosen === "done") return current;
    const { min, max } = assumptionRules[chosen];
    const value = await figure(texts.assumptions[chosen], figures[chosen], min, max);
    const { [chosen]: _, ...others } = current.changed;
    const isOwn = value !== assumptionsOf(current)[chosen];
    current = { ...current, changed: isOwn ? { ...others, [chosen]: value } : others };
  }
}

function roomsOf(text: string): string[] {
  const rooms = text.split(",").map((room) => room.trim());
  return [...new Set(rooms.filter(Boolean))];
}

/** Why a line of rooms is no answer; undefined where it is one. */
function roomsProblem(text: string, texts: SetupTexts): string | undefined {
  const rooms = roomsOf(text);
  if (rooms.length === 0) return texts.rooms;
  if (rooms.length > mostHeatedRooms) return texts.tooManyRooms;
  const bad = rooms.find((room) => !isRoomName(room));
  return bad === undefined ? undefined : `${texts.badRoom} ${bad}`;
}
