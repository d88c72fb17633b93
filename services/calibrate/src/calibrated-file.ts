import type { BuildingFile } from "@azru/contracts";
import type { Study } from "./summary.ts";

/** The building file with what was accepted: the house as learnt, and the zone as corrected. */
export function calibratedFile({ building, learning, result }: Study): BuildingFile {
  const corrected = result.accepted ? result.building : building;
  const learnt = learning.accepted ? learning.learnt : building.learnt;
  if (!learnt) return corrected;
  // What is learnt of the sun is a factor on the file's windows, which the zone's correction may have changed.
  const aperture = (learnt.house.aperture * apertureOf(building)) / (apertureOf(corrected) || 1);
  return { ...corrected, learnt: plain({ ...learnt, house: { ...learnt.house, aperture } }) };
}

/** Of the windows, m2 of all sun. */
function apertureOf({ windows }: BuildingFile): number {
  return windows.reduce((sum, { g, area_m2 }) => sum + g * area_m2, 0);
}

/** As it is after a journey through JSON, where arrays may be written to. */
function plain(learnt: unknown): NonNullable<BuildingFile["learnt"]> {
  return JSON.parse(JSON.stringify(learnt));
}
