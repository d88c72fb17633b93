/** The radiators on pilot wires and the thermometers, in the form of set-up. Runs in the browser. */
import { type DeviceFault, deviceIssues, type Radiator, type SetupAnswers } from "@azru/contracts";
import type { DeviceTexts } from "@azru/setup";
import { byId, made } from "./elements.ts";
import { roomsRenamed } from "./rooms-renamed.ts";

type Devices = Pick<SetupAnswers, "rooms" | "thermometers" | "radiators" | "subscribed_kva" | "base_load_w">;

/** Powers of French contracts, kVA. */
const contracts_kva = [3, 6, 9, 12, 15, 18, 24, 30, 36];
/** What may name a device in zigbee2mqtt, as the pattern of a field. */
const namePattern = "[^+#\\/]([^+#]*[^+#\\/])?";

interface ThermometerField {
  room: string;
  readonly label: HTMLElement;
  readonly input: HTMLInputElement;
}

interface RadiatorRow {
  readonly element: HTMLFieldSetElement;
  readonly name: HTMLInputElement;
  readonly room: HTMLSelectElement;
  readonly closed: HTMLSelectElement;
  /** The output of a relay; shown for relays alone. */
  readonly property: HTMLInputElement;
  readonly rated_w: HTMLInputElement;
  showOutput(): void;
}

/** The fields of a home's devices, below `#devices`. */
export interface DeviceFields {
  /** Writes answers into them. */
  write(devices: Devices): void;
  /** Writes the words anew, in another language. */
  writeTexts(): void;
  /** The rooms were written anew: what was said of a room holds for its new name. */
  setRooms(rooms: readonly string[]): void;
  /** What they say; a radiator that is not complete is left out. */
  read(): Omit<Devices, "rooms">;
  /** Says at each field what the core would refuse. */
  check(devices: Devices): void;
}

/**
 * @param texts in the language of now
 * @param onChange a radiator was added or removed
 */
export function createDeviceFields(texts: () => DeviceTexts, onChange: () => void): DeviceFields {
  const thermometers = byId("thermometers");
  const radiators = byId("radiators");
  const kva = byId<HTMLSelectElement>("subscribed-kva");
  const baseLoad = byId<HTMLInputElement>("base-load");
  let rooms: readonly string[] = [];
  let fields: ThermometerField[] = [];
  let rows: RadiatorRow[] = [];

  function addRow(radiator?: Radiator): RadiatorRow {
    const row = radiatorRow(() => {
      rows = rows.filter((one) => one !== row);
      row.element.remove();
      writeTexts();
      byId("add-radiator").focus();
      onChange();
    });
    rows.push(row);
    radiators.append(row.element);
    writeTexts();
    row.name.value = radiator?.name ?? "";
    row.room.value = radiator?.room ?? rooms[rows.length - 1] ?? rooms[0];
    row.closed.value = radiator?.closed ?? "module";
    row.property.value = radiator?.property ?? "";
    row.rated_w.value = radiator ? String(radiator.rated_w) : "";
    row.showOutput();
    return row;
  }

  function writeTexts(): void {
    const words = texts();
    for (const { label, room } of fields) label.textContent = `${words.thermometerOf} ${room}`;
    for (const [i, row] of rows.entries()) writeRowTexts(row, i + 1, words, rooms);
    const chosen = kva.value;
    kva.replaceChildren(
      new Option(words.noLimit, ""),
      ...contracts_kva.map((power) => new Option(`${power} kVA`, String(power))),
    );
    chooseIn(kva, chosen);
  }

  function makeThermometers(names: ReadonlyMap<string, string>): void {
    fields = rooms.map((room) => {
      const input = nameInput(false);
      input.value = names.get(room) ?? "";
      const text = made("span", {});
      const label = made("label", {});
      label.append(text, input);
      return { room, label: text, input };
    });
    thermometers.replaceChildren(...fields.map(({ input }) => input.parentElement as HTMLElement));
  }

  byId("add-radiator").addEventListener("click", () => {
    addRow().name.focus();
    onChange();
  });

  return {
    writeTexts,
    write(devices) {
      rooms = devices.rooms;
      makeThermometers(new Map(devices.thermometers.map(({ room, name }) => [room, name])));
      for (const { element } of rows) element.remove();
      rows = [];
      writeTexts();
      for (const radiator of devices.radiators) addRow(radiator);
      chooseIn(kva, devices.subscribed_kva === null ? "" : String(devices.subscribed_kva));
      baseLoad.value = String(devices.base_load_w);
    },
    setRooms(names) {
      if (names.join("\n") === rooms.join("\n")) return;
      const renamed = roomsRenamed(rooms, names);
      const chosen = rows.map(({ room }) => renamed.get(room.value) ?? names[0]);
      const known = fields.map(({ room, input }): [string, string] => [renamed.get(room) ?? "", input.value]);
      rooms = names;
      makeThermometers(new Map(known));
      writeTexts();
      rows.forEach(({ room }, i) => {
        room.value = chosen[i];
      });
    },
    read: () => ({
      thermometers: fields.flatMap(({ room, input }) =>
        isFilled(input) ? [{ room, name: input.value.trim() }] : [],
      ),
      radiators: rows.filter(isComplete).map(radiatorOf),
      subscribed_kva: kva.value === "" ? null : Number(kva.value),
      base_load_w: isFilled(baseLoad) ? Number(baseLoad.value) : 0,
    }),
    check: (devices) => sayFaults(devices, { fields, rows }, texts().faults),
  };
}

/** Says at each field what the core would refuse there. */
function sayFaults(
  devices: Devices,
  { fields, rows }: { readonly fields: readonly ThermometerField[]; readonly rows: readonly RadiatorRow[] },
  faults: DeviceTexts["faults"],
): void {
  const complete = rows.filter(isComplete);
  const named = fields.filter(({ input }) => isFilled(input));
  for (const input of [...fields.map((field) => field.input), ...rows.map((row) => row.name)])
    input.setCustomValidity(input.validity.patternMismatch ? faults.name : "");
  for (const { rated_w, closed } of rows) for (const one of [rated_w, closed]) one.setCustomValidity("");
  const say = (fault: DeviceFault, field: HTMLInputElement | HTMLSelectElement | undefined) =>
    field?.setCustomValidity(faults[fault]);
  for (const { path, fault } of deviceIssues(devices)) {
    const [kind, i, key] = path;
    if (kind === "thermometers") say(fault, (i === undefined ? fields[0] : named[Number(i)])?.input);
    else say(fault, complete[Number(i)]?.[key as "name" | "room" | "rated_w" | "closed"]);
  }
}

function radiatorRow(onRemove: () => void): RadiatorRow {
  const element = made("fieldset", { className: "radiator" });
  const name = nameInput(true);
  const room = made("select", { required: true });
  const closed = made("select", {});
  const property = made("input", { pattern: "[\\w\\-]{1,64}", placeholder: "state", autocomplete: "off" });
  const rated_w = made("input", { type: "number", min: "50", max: "20000", step: "1", required: true });
  const output = labelled("property", property);
  const remove = made("button", { type: "button" });
  remove.dataset.word = "remove";
  remove.addEventListener("click", onRemove);
  const fields = made("div", { className: "fields" });
  fields.append(
    labelled("name", name),
    labelled("room", room),
    labelled("rated_w", rated_w),
    labelled("module", closed),
    output,
  );
  element.append(made("legend", {}), fields, remove);
  const showOutput = () => {
    output.hidden = closed.value === "module";
    property.disabled = output.hidden;
  };
  closed.addEventListener("change", showOutput);
  return { element, name, room, closed, property, rated_w, showOutput };
}

function labelled(key: keyof DeviceTexts, field: HTMLElement): HTMLLabelElement {
  const text = made("span", {});
  text.dataset.word = key;
  const label = made("label", {});
  label.append(text, field);
  return label;
}

function writeRowTexts(
  { element, room, closed }: RadiatorRow,
  number: number,
  words: DeviceTexts,
  rooms: readonly string[],
): void {
  const title = `${words.radiator} ${number}`;
  const legend = element.querySelector("legend");
  if (legend) legend.textContent = title;
  for (const one of element.querySelectorAll<HTMLElement>("[data-word]"))
    one.textContent = String(words[one.dataset.word as "name"]);
  element.querySelector("button")?.setAttribute("aria-label", `${words.remove}, ${title}`);
  rewrite(
    room,
    rooms.map((name) => new Option(name, name)),
  );
  rewrite(
    closed,
    Object.entries(words.modules).map(([value, text]) => new Option(text, value)),
  );
}

/** Other choices, with what was chosen kept. */
function rewrite(select: HTMLSelectElement, options: readonly HTMLOptionElement[]): void {
  const chosen = select.value;
  select.replaceChildren(...options);
  if (options.some(({ value }) => value === chosen)) select.value = chosen;
}

/** Chooses a value that a program may have answered, though no contract has it. */
function chooseIn(select: HTMLSelectElement, value: string): void {
  if (![...select.options].some((option) => option.value === value))
    select.append(new Option(`${value} kVA`, value));
  select.value = value;
}

function nameInput(required: boolean): HTMLInputElement {
  return made("input", { pattern: namePattern, maxLength: 200, required, autocomplete: "off" });
}

/** A custom complaint does not count: it may be over with the next look. */
function isFilled({ value, validity }: HTMLInputElement): boolean {
  const { patternMismatch, rangeOverflow, rangeUnderflow, stepMismatch, badInput } = validity;
  const isBad = patternMismatch || rangeOverflow || rangeUnderflow || stepMismatch || badInput;
  return value.trim() !== "" && !isBad;
}

function isComplete({ name, rated_w }: RadiatorRow): boolean {
  return isFilled(name) && isFilled(rated_w);
}

function radiatorOf({ name, room, closed, property, rated_w }: RadiatorRow): Radiator {
  const isModule = closed.value === "module";
  return {
    room: room.value,
    name: name.value.trim(),
    rated_w: Number(rated_w.value),
    closed: isModule ? null : (closed.value as NonNullable<Radiator["closed"]>),
    property: isModule || !isFilled(property) ? null : property.value.trim(),
  };
}
