/** A rooms file: the heated rooms of a home, each with its heaters' power and its own comfort. */
import { z } from "zod";
import { clockTimeOfDay, presetTemperature_c, scheduleSchema } from "./comfort.ts";
import { list, roomNameSchema } from "./quantities.ts";

const offSchema = z
  .strictObject({ from: clockTimeOfDay, until: clockTimeOfDay })
  .refine(({ from, until }) => from !== until, { path: ["until"], error: "must differ from from" })
  .describe("hours of each day in which the room is not heated but kept from 12 degrees, over midnight too");
export type RoomOff = z.infer<typeof offSchema>;

/** What a room's people want; what is absent is as in the home. */
const roomComfortSchema = z.strictObject({
  presets_c: z
    .strictObject({ eco: presetTemperature_c, comfort: presetTemperature_c, boost: presetTemperature_c })
    .partial()
    .optional()
    .describe("the room's own temperatures of the presets, degrees C"),
  schedule: scheduleSchema.optional().describe("the room's own; that of the home when absent"),
  off: list(offSchema, 0, 12).optional(),
  warmest_c: z.number().min(6).max(30).optional().describe("above it the room gets no heat, degrees C"),
});
export type RoomComfort = z.infer<typeof roomComfortSchema>;

const roomInFileSchema = roomComfortSchema.extend({
  power_w: z
    .number()
    .positive()
    .max(100_000)
    .optional()
    .describe(
      "heat of all the room's heaters together, W; the sum of their rated_w in the valves file when absent",
    ),
});
/** A room that is heated by itself: what its file says, with the power of its heaters. */
export type HeatedRoom = z.infer<typeof roomInFileSchema> & { readonly power_w: number };

/** Complains of each name of `rooms` that is no name for a room. */
export function checkRoomNames(rooms: object, context: z.RefinementCtx): void {
  for (const name of Object.keys(rooms)) {
    const named = roomNameSchema.safeParse(name);
    if (named.success) continue;
    const message = `is no name for a room: it ${named.error.issues[0].message}`;
    context.addIssue({ code: "custom", path: ["rooms", name], message });
  }
}

export const roomsFileSchema = z
  .strictObject({ rooms: z.record(z.string(), roomInFileSchema) })
  .superRefine(({ rooms }, context) => {
    if (Object.keys(rooms).length === 0)
      context.addIssue({ code: "custom", path: ["rooms"], message: "must name at least one room" });
    checkRoomNames(rooms, context);
  });
/** What a rooms file says. */
export type RoomsFile = z.infer<typeof roomsFileSchema>;

const ratedHeaters = z
  .array(z.looseObject({ rated_w: z.number().min(0).max(20_000).default(0) }))
  .default([]);

/** What a valves file says of the power of each room's heaters; the rest of it is the valves service's to check. */
export const valvesPowerSchema = z.looseObject({
  power: z
    .looseObject({
      subscribed_kva: z.number().min(1).max(36),
      base_load_w: z.number().min(0).max(30_000).default(1000),
    })
    .optional(),
  rooms: z.record(z.string(), z.looseObject({ relays: ratedHeaters, pilot_wires: ratedHeaters })),
});
