/** The rooms one by one: how warm each is, what is asked for in it, and how far it is heated. */
import type { RoomState } from "@azru/contracts";
import type { Texts } from "./chart.ts";
import { byId, made } from "./elements.ts";
import type { Format } from "./format.ts";

/** What rooms are written with. */
interface Words {
  readonly texts: Texts;
  readonly format: Format;
}

/** A room in words. */
interface RoomRow {
  readonly room: string;
  readonly temperature: string;
  readonly setpoint: string;
  readonly heating: string;
}

/** Heated rooms first, in the order of the core's list; none where there is only one room. */
export function roomRows(rooms: readonly RoomState[], texts: Texts, format: Format): RoomRow[] {
  if (rooms.length < 2) return [];
  const [heated, shown] = [true, false].map((isHeated) =>
    rooms.filter(({ heating, decides }) => (heating !== undefined || decides) === isHeated),
  );
  return [...heated, ...shown].map(({ room, status, metrics, heating, decides }) => ({
    room,
    temperature: status === "fresh" ? format.temperature(metrics.temperature) : texts.unknownTemperature,
    setpoint: heating ? (heating.off ? texts.roomOff : format.temperature(heating.setpoint)) : "",
    heating: heating ? format.percent(heating.valve_position) : decides ? "" : texts.roomShown,
  }));
}

let written = "";

/** Writes the table anew where it differs. */
export function writeRooms(rooms: readonly RoomState[], { texts, format }: Words): void {
  const rows = roomRows(rooms, texts, format);
  byId("rooms").hidden = rows.length === 0;
  const text = JSON.stringify(rows);
  if (text === written) return;
  written = text;
  byId("rooms-rows").replaceChildren(
    ...rows.map(({ room, temperature, setpoint, heating }) => {
      const row = made("tr", {});
      row.append(
        made("th", { scope: "row", textContent: room }),
        ...[temperature, setpoint, heating].map((textContent) => made("td", { textContent })),
      );
      return row;
    }),
  );
}
