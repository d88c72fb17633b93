import type { RoomState } from "@azru/contracts";
import { expect, test } from "vitest";
import { RoomSharing } from "./room-heat.ts";

const step_ms = 900_000;
const names = ["Salon", "Salle de bain"];

/** Positions of the bathroom at temperatures of one step after the other; the living room stands at its setpoint. */
function positionsOfBath(temperatures_c: readonly number[], valve: number): number[] {
  const sharing = new RoomSharing({
    rooms: new Map(names.map((name) => [name, { power_w: 1000 }])),
    comfort: { askedOf: () => ({ setpoint_c: 19, max_c: 40, isOff: false, target_c: 19 }) },
    step_ms,
    lift_k: 3,
  });
  return temperatures_c.map((theta_c, k) => {
    const rooms = names.map(
      (room, i): RoomState => ({
        room,
        time: "2026-01-10T12:00:00Z",
        age_s: 0,
        status: "fresh",
        decides: true,
        metrics: { temperature: i === 1 ? theta_c : 19 },
      }),
    );
    return sharing.share({ valve, source: "manual" }, { rooms, windows: new Map() }, k * step_ms)[1].valve;
  });
}

test("a room held to the upper limit is released half a degree below it: noise does not switch its heating", () => {
  expect(positionsOfBath([29.9, 30.1, 29.9, 29.6, 29.5, 29.9], 0.4)).toEqual([0.4, 0, 0, 0, 0.4, 0.4]);
});

test("frost protection of a room holds until it is half a degree above the limit", () => {
  expect(positionsOfBath([8.1, 7.9, 8.1, 8.4, 8.5, 8.1], 0.2)).toEqual([0.2, 1, 1, 1, 0.2, 0.2]);
});
