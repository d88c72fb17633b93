/** Towns of France with more than 12,000 people, for the weather: name, latitude, longitude. From GeoNames, CC BY 4.0. */
import list from "./towns.json" with { type: "json" };

export interface Town {
  readonly name: string;
  readonly latitude_deg: number;
  readonly longitude_deg: number;
}

/** In the order of their names. */
export const towns: readonly Town[] = (list as [string, number, number][]).map(
  ([name, latitude_deg, longitude_deg]) => ({ name, latitude_deg, longitude_deg }),
);

const coordinates = /^\s*(-?\d{1,2}(?:[.,]\d+)?)\s*[;, ]\s*(-?\d{1,3}(?:[.,]\d+)?)\s*$/;

/**
 * The town of that name, whatever its capitals, accents and hyphens; or the place of two coordinates such as
 * `45.76, 4.84`. Undefined where there is none.
 */
export function findTown(text: string): Town | undefined {
  const [, latitude, longitude] = coordinates.exec(text) ?? [];
  if (latitude !== undefined && longitude !== undefined) {
    const latitude_deg = Number(latitude.replace(",", "."));
    const longitude_deg = Number(longitude.replace(",", "."));
    if (Math.abs(latitude_deg) > 90 || Math.abs(longitude_deg) > 180) return undefined;
    return { name: `${latitude_deg}, ${longitude_deg}`, latitude_deg, longitude_deg };
  }
  const wanted = plain(text);
  return towns.find(({ name }) => plain(name) === wanted);
}

function plain(name: string): string {
  return name
    .normalize("NFD")
    .replaceAll(/\p{M}/gu, "")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, " ")
    .replace(/^st /, "saint ")
    .trim();
}
