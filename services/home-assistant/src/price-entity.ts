/** The entity whose attributes are the prices of a dynamic contract. */
import { type PushedTariff, pushedTariffSchema } from "@azru/contracts";
import type { Entity } from "./entity-value.ts";

/** What dynamic-price integrations call their lists of prices, and what they say beside them. */
const priceAttributes = [
  ...["raw_today", "raw_tomorrow", "prices_today", "prices_tomorrow", "prices", "data", "rates"],
  ...["today", "tomorrow", "currency", "unit", "unit_of_measurement", "price_in_cents", "friendly_name"],
] as const;

/**
 * The prices in an entity's attributes, as they stand there; the core reads them. Undefined where the entity has no list
 * of prices: it is not known yet, or has another kind of attributes.
 */
export function pricesOf({ attributes }: Entity): PushedTariff | undefined {
  const found = priceAttributes.filter((name) => attributes[name] !== undefined && attributes[name] !== null);
  const hasList = found.some((name) => typeof attributes[name] === "object");
  if (!hasList) return undefined;
  return pushedTariffSchema.safeParse(Object.fromEntries(found.map((name) => [name, attributes[name]]))).data;
}
