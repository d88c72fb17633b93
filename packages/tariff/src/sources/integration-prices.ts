/**
 * Prices as dynamic-price integrations of Home Assistant publish them, in attributes of an entity or as an action's
 * answer, brought into the form of this project's tariff files: `{currency, unit, prices: [...]}`.
 *
 * Known: Nord Pool (`raw_today`, `raw_tomorrow`, and the action's answer by area), ENTSO-e (`prices_today`,
 * `prices_tomorrow`, `prices`), EPEX Spot (`data`), Tibber (`today`, `tomorrow`, `priceInfo`, and the action's answer by
 * home), Energi Data Service (`raw_today` of `hour` and `price`), evcc and Octopus (`rates`).
 */

type Fields = Readonly<Record<string, unknown>>;

/** Where the lists are, the fullest first; those of one entry follow one another. */
const listNames: readonly (readonly string[])[] = [
  ["raw_today", "raw_tomorrow"],
  ["prices_today", "prices_tomorrow"],
  ["prices"],
  ["data"],
  ["rates"],
  ["today", "tomorrow"],
];

const kept = [
  "name",
  "currency",
  "unit",
  "unit_of_measurement",
  "price_in_cents",
  "published",
  "rules",
] as const;

/**
 * The same in the form of a tariff file; what has that form already, and what has none, as it is.
 *
 * Entries whose price is null are left out: an integration does not know them yet.
 */
export function withPrices(data: unknown): unknown {
  if (Array.isArray(data)) return { prices: data.filter(hasPrice) };
  if (!isFields(data)) return data;
  if (data.rules !== undefined) return data;
  if (isFields(data.prices) && "peak" in data.prices) return withPeakHours(data, data.prices);
  if (isFields(data.attributes)) return withPrices(data.attributes);
  if (isFields(data.priceInfo)) return withPrices({ ...data, ...data.priceInfo, priceInfo: undefined });
  const prices = pricesIn(data);
  if (prices === undefined) return data;
  const about = Object.fromEntries(
    kept
      // Of these only `published` means something by null.
      .filter((name) => data[name] !== undefined && (data[name] !== null || name === "published"))
      .map((name) => [name, data[name]]),
  );
  const { friendly_name } = data;
  return { ...(typeof friendly_name === "string" && { name: friendly_name }), ...about, prices };
}

/** A scenario's two prices and its peak hours, as rules. */
function withPeakHours({ name, currency, unit, peak_hours }: Fields, { peak, off_peak }: Fields): Fields {
  return {
    ...(name !== undefined && { name }),
    ...(currency !== undefined && { currency }),
    ...(unit !== undefined && { unit }),
    rules: [
      { price: peak, hours: hoursOf(peak_hours ?? "06:00-22:00"), period: "peak" },
      { price: off_peak, period: "off_peak" },
    ],
  };
}

/** `[6, 22]` as "06:00-22:00"; anything else as it is. */
function hoursOf(hours: unknown): unknown {
  if (!Array.isArray(hours) || hours.length !== 2) return hours;
  const [from, to] = hours;
  const isHour = (value: unknown) => Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 24;
  return isHour(from) && isHour(to) ? [`${from}:00-${to}:00`] : hours;
}

function pricesIn(data: Fields): readonly unknown[] | undefined {
  for (const names of listNames) {
    const found = names.flatMap((name) => listOf(data[name]) ?? []);
    if (found.length > 0) return found.filter(hasPrice);
  }
  const values = Object.values(data);
  const only = values.length === 1 ? listOf(values[0]) : undefined;
  return only?.filter(hasPrice);
}

/** A list of entries; that of the one home or area of an answer; or a price by time. */
function listOf(value: unknown): readonly Fields[] | undefined {
  if (Array.isArray(value)) return value.every(isFields) ? value : undefined;
  if (!isFields(value)) return undefined;
  const entries = Object.entries(value);
  if (entries.length === 1 && Array.isArray(entries[0][1])) return listOf(entries[0][1]);
  const isByTime = entries.length > 0 && entries.every(([, price]) => typeof price === "number");
  return isByTime ? entries.map(([start, price]) => ({ start, price })) : undefined;
}

function hasPrice(entry: unknown): boolean {
  if (!isFields(entry)) return true; // the reader of tariffs says what is wrong
  return !Object.entries(entry).some(
    ([name, value]) => value === null && /^(value|total|prix|(electricity_)?price)/i.test(name),
  );
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
