/** The rooms that are heated each by itself, with the power of their heaters. */
import { existsSync } from "node:fs";
import { heatersLimit_w } from "@azru/actuators";
import { type HeatedRoom, type RoomsFile, valvesPowerSchema } from "@azru/contracts";
import { ConfigError, type Logger } from "@azru/runtime";
import { settingsFile } from "@azru/runtime/settings-file";
import type { Building } from "@azru/simulation";
import type { z } from "zod";
import { roomsFile } from "./rooms-file.ts";

/** The files that name rooms and heaters. */
export interface RoomFiles {
  readonly rooms?: string | undefined; // AZRU_ROOMS
  readonly valves?: string | undefined; // AZRU_VALVES
}

/**
 * The rooms of the rooms file. A room that has no `power_w` has the `rated_w` of its heaters in the valves file together.
 *
 * @returns undefined without a rooms file: the home is heated as one
 * @throws ConfigError in one line where a file does not make sense, or nobody knows the power of a room
 */
export async function readHeatedRooms(
  { rooms: file, valves }: RoomFiles,
  log: Pick<Logger, "warn">,
): Promise<ReadonlyMap<string, HeatedRoom> | undefined> {
  if (file === undefined) return undefined;
  const { rooms } = await roomsFile.read(file);
  return withPowers(rooms, ratedPowers(await readPowers(valves)), { rooms: file, valves, log });
}

/** What the subscribed power of the valves file leaves for its heaters, W; undefined where it names none. */
export async function readHeaterLimit_w({ valves }: Pick<RoomFiles, "valves">): Promise<number | undefined> {
  const power = (await readPowers(valves))?.power;
  return power && heatersLimit_w(power);
}

function withPowers(
  rooms: RoomsFile["rooms"],
  rated_w: ReadonlyMap<string, number>,
  { rooms: file, valves, log }: RoomFiles & { readonly log: Pick<Logger, "warn"> },
): Map<string, HeatedRoom> {
  const missing: string[] = [];
  const heated = Object.entries(rooms).map(([name, room]): [string, HeatedRoom] => {
    const known_w = rated_w.get(name) ?? 0;
    if (room.power_w === undefined && known_w === 0)
      missing.push(
        `AZRU_ROOMS ${file}: rooms.${name}.power_w is missing: give it, or rated_w of the room's heaters in the valves file (AZRU_VALVES ${valves ?? "is not set"})`,
      );
    if (room.power_w !== undefined && known_w > 0 && room.power_w !== known_w)
      log.warn(
        { room: name, power_w: room.power_w, rated_w: known_w },
        "the rooms file gives the room another power than the valves file: that of the rooms file counts",
      );
    return [name, { ...room, power_w: room.power_w ?? known_w }];
  });
  if (missing.length > 0) throw new ConfigError(missing);
  return new Map(heated);
}

const valvesPowers = settingsFile({
  variable: "AZRU_VALVES",
  schema: valvesPowerSchema,
  page: "docs/valves.md",
  advice: "copy examples/valves/valves.example.yaml there",
});

type ValvesPowers = z.infer<typeof valvesPowerSchema>;

/** Undefined where there is no file. The valves service checks the rest of it. */
async function readPowers(file: string | undefined): Promise<ValvesPowers | undefined> {
  return file !== undefined && existsSync(file) ? valvesPowers.read(file) : undefined;
}

/** By room, what its relays and pilot wires draw together, W. */
function ratedPowers(powers: ValvesPowers | undefined): Map<string, number> {
  return new Map(
    Object.entries(powers?.rooms ?? {}).map(([name, { relays, pilot_wires }]) => [
      name,
      [...relays, ...pilot_wires].reduce((sum, { rated_w }) => sum + rated_w, 0),
    ]),
  );
}

/** The building as its rooms heat it: a plan for the home must mean the heat that the rooms' heaters give together. */
export function heatedByRooms(
  building: Building,
  rooms: ReadonlyMap<string, HeatedRoom> | undefined,
  log: Pick<Logger, "info">,
): Building {
  if (!rooms) return building;
  const maxPower_w = [...rooms.values()].reduce((sum, { power_w }) => sum + power_w, 0);
  if (maxPower_w === building.heating.maxPower_w) return building;
  log.info(
    { power_w: maxPower_w, building_w: building.heating.maxPower_w },
    "the heaters of the rooms count, instead of the building file's power",
  );
  return { ...building, heating: { ...building.heating, maxPower_w } };
}
