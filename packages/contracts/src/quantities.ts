/** Numbers with a meaning, and the range outside which they can only be a fault. */
import { z } from "zod";
import { isReservedRoom, reservedRooms, roomNamePattern } from "./room-name.ts";

/** A number within limits, the limits included. */
export const between = (min: number, max: number, description: string) =>
  z.number().min(min).max(max).describe(description);

export const temperature_c = between(-60, 80, "degrees C");
export const power_w = between(0, 1_000_000, "W");
export const percent = between(0, 100, "%");
export const price_eur_kwh = between(-10, 10, "EUR/kWh");
export const cost_eur = between(-1_000_000, 1_000_000, "EUR");
export const irradiance_w_m2 = between(0, 2_000, "W/m2");
export const fraction = between(0, 1, "0 to 1");
export const duration_ms = between(0, 86_400_000, "ms");

/** The colour of a Tempo day; `unknown` while it is not decided and the price is an expectation. */
export const tempoColourSchema = z.enum(["blue", "white", "red", "unknown"]);
export type TempoColour = z.infer<typeof tempoColourSchema>;

/** Who decided a valve position. */
export const valveSourceSchema = z.enum(["mpc", "manual", "thermostat", "failsafe"]);
export type ValveSource = z.infer<typeof valveSourceSchema>;

/** A request's or command's own name, chosen by its sender. */
export const messageId = z
  .string()
  .regex(/^[\w.:-]{1,64}$/, { error: "must be 1 to 64 letters, digits or _ . : -" });

const longestSentence = 500; // characters

/** A sentence for people. */
export const sentence = text(0, longestSentence);

/** A text cut to what `sentence` allows. */
export function sentenceOf(text: string): string {
  return text.length <= longestSentence ? text : `${text.slice(0, longestSentence - 3)}...`;
}

/** One word: the name of a site, room or service as it stands in a topic. */
export const topicLevelSchema = z
  .string()
  .regex(/^[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}_. -]{0,62}[\p{L}\p{M}\p{N}_-])?$/u, {
    error: "must be 1 to 64 letters, digits, spaces or _ . -, beginning with a letter or digit",
  });

/**
 * A room's name, as people write it: "Salon (nord)", "Chambre d'amis". No other topic of the site begins with it.
 */
export const roomNameSchema = z
  .string()
  .regex(roomNamePattern, {
    error: "must be 1 to 64 letters, digits, spaces or _ . , & ' ( ) -, beginning with a letter or digit",
  })
  .refine((name) => !isReservedRoom(name), {
    error: `must not be one of ${reservedRooms.join(", ")}, nor a word of JavaScript's objects`,
  });

/** A device's name in zigbee2mqtt, a topic level or several. */
export const deviceNameSchema = z.string().regex(/^[^+#\p{Cc}/](?:[^+#\p{Cc}]{0,198}[^+#\p{Cc}/])?$/u, {
  error: "must be the device's name in zigbee2mqtt: 1 to 200 characters without + and #",
});

/** Text of `min` to `max` characters. */
export function text(min: number, max: number) {
  return z
    .string()
    .superRefine(lengthWithin(min, max, "characters"))
    .meta({ minLength: min, maxLength: max });
}

/** An array of `min` to `max` values. */
export function list<T extends z.ZodType>(value: T, min: number, max: number) {
  return z
    .array(value)
    .superRefine(lengthWithin(min, max, "values"))
    .meta({ minItems: min, maxItems: max });
}

/**
 * Zod's own length checks (4.6) also run on what is neither string nor array, and throw a TypeError on JSON
 * such as `{"length": {"valueOf": 1, "toString": 1}}`; a refinement runs only on the right type.
 */
function lengthWithin(min: number, max: number, unit: string) {
  return (value: { readonly length: number }, context: z.core.$RefinementCtx) => {
    if (value.length >= min && value.length <= max) return;
    const message = `must have ${min} to ${max} ${unit}, has ${value.length}`;
    context.addIssue({ code: "custom", message, params: { length: value.length } });
  };
}
