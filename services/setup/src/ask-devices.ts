/** The questions of radiators on pilot wires, and of thermometers. */
import {
  deviceNameSchema,
  hasWaterOrFloor,
  leftForRadiators_w,
  type Radiator,
  type SetupAnswers,
} from "@azru/contracts";
import type { DeviceTexts } from "@azru/setup";
import { confirm } from "@clack/prompts";
import { answered, choice, figure, numberOf, outside, wholeFigure, words } from "./prompts.ts";

type Devices = Pick<SetupAnswers, "thermometers" | "radiators" | "subscribed_kva" | "base_load_w">;

/** Asks for the devices of a home that is heated by electric radiators. */
export async function askDevices(before: SetupAnswers, texts: DeviceTexts): Promise<Partial<Devices>> {
  if (hasWaterOrFloor(before.heater)) return { thermometers: [], radiators: [] };
  const initialValue = before.radiators.length > 0;
  const areThere = await answered<boolean>(confirm({ message: texts.ask, initialValue }));
  if (!areThere) return { radiators: [] };
  const names = new Set<string>();
  const thermometers = await askThermometers(before, texts, names);
  const limit = await askLimit(before, texts);
  const count = await wholeFigure(texts.count, Math.max(1, before.radiators.length), 1, 40);
  const radiators: Radiator[] = [];
  for (let i = 0; i < count; i++) radiators.push(await askRadiator(i, { ...before, ...limit }, texts, names));
  return { thermometers, ...limit, radiators };
}

async function askThermometers(
  { rooms, thermometers }: SetupAnswers,
  texts: DeviceTexts,
  names: Set<string>,
): Promise<Devices["thermometers"]> {
  const named: Devices["thermometers"] = [];
  for (const [i, room] of rooms.entries()) {
    const known = thermometers.find((one) => one.room === room)?.name ?? "";
    const name = await words(`${texts.thermometerOf} ${room} (${texts.thermometerHint})`, known, (value) => {
      if (value.trim() !== "") return nameFault(value, texts, names);
      return i === 0 ? texts.faults.noThermometer : undefined;
    });
    if (name.trim() === "") continue;
    names.add(name.trim());
    named.push({ room, name: name.trim() });
  }
  return named;
}

async function askLimit(
  before: SetupAnswers,
  texts: DeviceTexts,
): Promise<Pick<Devices, "subscribed_kva" | "base_load_w">> {
  const known = before.subscribed_kva === null ? "" : String(before.subscribed_kva);
  const kva = await words(`${texts.subscribed_kva} (${texts.noLimit}: \u23ce)`, known, (value) =>
    value === "" ? undefined : outside(value, 1, 36),
  );
  if (kva === "") return { subscribed_kva: null, base_load_w: before.base_load_w };
  const base_load_w = await figure(texts.base_load_w, before.base_load_w, 0, 30_000);
  return { subscribed_kva: numberOf(kva), base_load_w };
}

async function askRadiator(
  i: number,
  answers: SetupAnswers,
  texts: DeviceTexts,
  names: Set<string>,
): Promise<Radiator> {
  const before = answers.radiators[i];
  const of = (key: "name" | "room" | "rated_w" | "module" | "property") =>
    `${texts.radiator} ${i + 1}: ${texts[key]}`;
  const { eco: _, ...inLimit } = texts.modules;
  const modules = answers.subscribed_kva === null ? texts.modules : inLimit;
  const usualModule = before?.closed && before.closed in modules ? before.closed : "module";
  const closed = await choice<keyof typeof texts.modules>(
    of("module"),
    modules as typeof texts.modules,
    usualModule,
  );
  const isModule = closed === "module";
  // Each output of a relay drives a radiator of its own: its name may be there more than once.
  const name = await words(of("name"), before?.name ?? "", (value) =>
    nameFault(value, texts, isModule ? names : new Set()),
  );
  if (isModule) names.add(name.trim());
  const rooms = Object.fromEntries(answers.rooms.map((room) => [room, room]));
  const usual = answers.rooms[i] ?? answers.rooms[0];
  const room = await choice(of("room"), rooms, before && before.room in rooms ? before.room : usual);
  const left_w = leftForRadiators_w(answers);
  const rated = await words(of("rated_w"), before ? String(before.rated_w) : "", (value) => {
    const fault = outside(value, 50, 20_000);
    return fault ?? (numberOf(value) > left_w ? texts.faults.tooStrong : undefined);
  });
  if (isModule) return { room, name: name.trim(), rated_w: numberOf(rated), closed: null, property: null };
  const property = await words(of("property"), before?.property ?? "", (value) =>
    value === "" || /^[\w-]{1,64}$/.test(value) ? undefined : "state_l1",
  );
  return {
    room,
    name: name.trim(),
    rated_w: numberOf(rated),
    closed,
    property: property === "" ? null : property,
  };
}

function nameFault(value: string, texts: DeviceTexts, names: ReadonlySet<string>): string | undefined {
  if (names.has(value.trim())) return texts.faults.twice;
  return deviceNameSchema.safeParse(value.trim()).success ? undefined : texts.faults.name;
}
