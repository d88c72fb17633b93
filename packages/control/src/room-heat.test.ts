import fc from "fast-check";
import { expect, test } from "vitest";
import { createRoomSharing, type SharedRoom } from "./room-heat.ts";

const room = (theta_air_c: number | undefined, more: Partial<SharedRoom> = {}): SharedRoom => ({
  rated_w: 1000,
  setpoint_c: 19,
  max_c: 24,
  theta_air_c,
  ...more,
});
const heatOf_w = (rooms: readonly SharedRoom[], duties: readonly number[]) =>
  duties.reduce((sum, duty, i) => sum + duty * rooms[i].rated_w, 0);

test("rooms that are alike share alike, and by the power of their heaters", () => {
  const rooms = [room(20), room(20, { rated_w: 2000 }), room(20)];
  for (const duty of createRoomSharing(3, { lift_k: 1, above_k: 0.5 })(rooms, 1000, 900))
    expect(duty).toBeCloseTo(0.25, 9);
});

test("the room that is farther below the others is given more, what is given stays the same", () => {
  const rooms = [room(19.5), room(20.5), room(20)];
  const duties = createRoomSharing(3, { lift_k: 1, above_k: 0.5 })(rooms, 1500, 900);
  expect(duties[0]).toBeCloseTo(0.75, 9);
  expect(duties[1]).toBeCloseTo(0.25, 9);
  expect(duties[2]).toBeCloseTo(0.5, 9);
});

test("each room is compared with its own setpoint", () => {
  const rooms = [room(17.5, { setpoint_c: 17 }), room(19.5)];
  const [cool, warm] = createRoomSharing(2, { lift_k: 1, above_k: 0.5 })(rooms, 800, 900);
  expect(cool).toBeCloseTo(warm, 9);
});

test("a room below its setpoint is heated though the plan has no heat, and the others are not", () => {
  const duties = createRoomSharing(2, { lift_k: 1, above_k: 0.5 })([room(18), room(21)], 0, 900);
  expect(duties[0]).toBeGreaterThan(0.3);
  expect(duties[1]).toBe(0);
});

test("a room whose window is open and one above its warmest get nothing, the others what there is", () => {
  const rooms = [room(15, { isClosed: true }), room(24.5), room(20), room(20)];
  expect(createRoomSharing(4, { lift_k: 1, above_k: 0.5 })(rooms, 1200, 900)).toEqual([
    0,
    0,
    expect.closeTo(0.6, 9),
    expect.closeTo(0.6, 9),
  ]);
});

test("a room with a silent sensor gets its usual share, and does not change the others'", () => {
  const share = createRoomSharing(2, { lift_k: 1, above_k: 0.5 });
  const needy = [room(19.4), room(20.6)];
  for (let k = 0; k < 8; k++) share(needy, 1000, 900);
  const [blind, other] = share([room(undefined), room(20)], 1000, 900);
  expect(blind).toBeGreaterThan(0.55);
  expect(blind + other).toBeCloseTo(1, 9);
});

test("what a room loses more than its part is learnt: the rooms come to stand alike", () => {
  const share = createRoomSharing(2, { lift_k: 1, above_k: 0.5 });
  const loss_w_k = [60, 25];
  const capacity_j_k = 4e5;
  const theta_c = [20, 20];
  for (let k = 0; k < 4 * 48; k++) {
    const duties = share([room(theta_c[0]), room(theta_c[1])], 85 * 15, 900);
    for (const i of [0, 1])
      theta_c[i] += ((duties[i] * 1000 - loss_w_k[i] * (theta_c[i] - 5)) * 900) / capacity_j_k;
  }
  expect(Math.abs(theta_c[0] - theta_c[1])).toBeLessThan(0.1);
});

test("duties stay within 0 and 1, and add up to the heat where nothing stands against it", () => {
  const anyRoom = fc.record({
    rated_w: fc.integer({ min: 300, max: 3000 }),
    theta_air_c: fc.option(fc.double({ min: 5, max: 30, noNaN: true }), { nil: undefined }),
    setpoint_c: fc.double({ min: 12, max: 21, noNaN: true }),
    max_c: fc.double({ min: 22, max: 26, noNaN: true }),
    isClosed: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(anyRoom, { minLength: 1, maxLength: 6 }), fc.nat(9000), (rooms, heat_w) => {
      const duties = createRoomSharing(rooms.length, { lift_k: 1, above_k: 0.5 })(rooms, heat_w, 900);
      for (const [i, duty] of duties.entries()) {
        expect(duty).toBeGreaterThanOrEqual(0);
        expect(duty).toBeLessThanOrEqual(1);
        if (rooms[i].isClosed) expect(duty).toBe(0);
      }
      const most_w = rooms.reduce(
        (sum, { isClosed, theta_air_c = 0, max_c, rated_w }) =>
          sum + (isClosed || theta_air_c > max_c ? 0 : rated_w),
        0,
      );
      expect(heatOf_w(rooms, duties)).toBeGreaterThanOrEqual(Math.min(heat_w, most_w) - 1e-3);
    }),
  );
});

test("another number of rooms is refused", () => {
  expect(() => createRoomSharing(2, { lift_k: 1, above_k: 0.5 })([room(20)], 500, 900)).toThrow(
    "rooms must be 2, got 1",
  );
});
