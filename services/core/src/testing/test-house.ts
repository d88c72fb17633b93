/** A house for tests, at one price all day. */
import { House, type HouseOptions } from "../home/house.ts";
import type { HouseModel } from "../home/house-model.ts";
import { room, silent } from "./test-home.ts";

const minute = 60_000;

export function testHouse(model: HouseModel, memory: HouseOptions["memory"] = { readings: [] }): House {
  return new House({
    model,
    room,
    staleAfter_ms: 30 * minute,
    frozenAfter_ms: 12 * 60 * minute,
    rooms: { deciding: [room], mostRooms: 32, forgetAfter_ms: 72 * 60 * minute },
    margin: 2.5,
    log: silent,
    ratesIn: (startMs, endMs) => [{ startMs, endMs, price_eur_kwh: 0.2 }],
    memory,
  });
}
