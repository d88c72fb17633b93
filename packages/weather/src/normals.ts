/**
 * Monthly climatological normals of French towns, January to December.
 *
 * Source: Meteo-France, "Fiche climatologique, statistiques 1981-2010 et records", stations Lyon-Bron
 * (69029001) and Paris-Montsouris (75114001).
 */
import type { Location } from "./series.ts";

export interface MonthlyNormals {
  readonly location: Location;
  /** Means of the daily minima and maxima. */
  readonly min_c: readonly number[];
  readonly max_c: readonly number[];
  /** Hours of sunshine in the month. */
  readonly sunshine_h: readonly number[];
}

export const towns = {
  lyon: {
    location: { name: "Lyon", latitude_deg: 45.72, longitude_deg: 4.94 },
    min_c: [0.3, 1.1, 3.8, 6.5, 10.7, 14.1, 16.6, 16.1, 12.6, 9.3, 4.3, 1.6],
    max_c: [6.4, 8.4, 13.0, 16.3, 20.8, 24.6, 27.7, 27.2, 22.7, 17.4, 10.8, 7.1],
    sunshine_h: [73.9, 101.2, 170.2, 190.5, 221.4, 254.3, 283.0, 252.7, 194.8, 129.6, 75.9, 54.5],
  },
  paris: {
    location: { name: "Paris", latitude_deg: 48.82, longitude_deg: 2.34 },
    min_c: [2.7, 2.8, 5.3, 7.3, 10.9, 13.8, 15.8, 15.7, 12.7, 9.6, 5.8, 3.4],
    max_c: [7.2, 8.3, 12.2, 15.6, 19.6, 22.7, 25.2, 25.0, 21.1, 16.3, 10.8, 7.5],
    sunshine_h: [62.5, 79.2, 128.9, 166.0, 193.8, 202.1, 212.2, 212.1, 167.9, 117.8, 67.7, 51.4],
  },
} as const satisfies Record<string, MonthlyNormals>;

export type Town = keyof typeof towns;
