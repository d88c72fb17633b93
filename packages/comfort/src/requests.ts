/** Comfort requests: the defaults of a home, and those whose time is over. */
import { type ComfortRequests, type ComfortSettings, isoTimeOf, timeMsOf, weekdays } from "@azru/contracts";

/** Below it water may freeze somewhere in the home, above it the upper limit closes the valve, degrees C. */
const lowest_c = 5;
const highest_c = 30;

/** What holds before anybody asks for anything: the building's own comfort, all day. */
export function defaultRequests(
  { comfort }: { readonly comfort: { readonly min_c: number; readonly max_c: number } },
  nowMs: number,
): ComfortRequests {
  const within = (theta_c: number) => Math.min(highest_c, Math.max(lowest_c, theta_c));
  const comfort_c = within(comfort.min_c);
  const allDay = [{ time: "00:00", preset: "comfort" as const }];
  const schedule = Object.fromEntries(weekdays.map((day) => [day, allDay])) as unknown;
  return scheduleAlone(
    {
      presets_c: {
        eco: within(comfort_c - 2),
        comfort: comfort_c,
        boost: Math.max(comfort_c, Math.min(within(comfort_c + 2), comfort.max_c)),
      },
      away_c: null,
      vacation_c: Math.min(14, comfort_c),
      schedule: schedule as ComfortSettings["schedule"],
    },
    nowMs,
  );
}

/** Warmest of a home whose people have not said what is too warm, degrees C; and their night. */
const usualWarmest = { day_c: 23, night_c: 21, night_from: "22:00", night_until: "07:00" };

/** What holds in a real home before anybody asks for anything: as `defaultRequests`, and no warmer than is usual. */
export function newHomeRequests(
  building: { readonly comfort: { readonly min_c: number; readonly max_c: number } },
  nowMs: number,
): ComfortRequests {
  const requests = defaultRequests(building, nowMs);
  const { comfort, boost } = requests.settings.presets_c;
  const { max_c } = building.comfort;
  const ceiling_c = (usual_c: number) => Math.min(max_c, Math.max(usual_c, comfort + 1));
  const day_c = ceiling_c(usualWarmest.day_c);
  const warmest = { ...usualWarmest, day_c, night_c: ceiling_c(usualWarmest.night_c) };
  const presets_c = { ...requests.settings.presets_c, boost: Math.min(boost, day_c) };
  return { ...requests, settings: { ...requests.settings, presets_c, warmest } };
}

/** The requests of a home that is never empty, on vacation or asked for anything beside its schedule. */
export function scheduleAlone(settings: ComfortSettings, nowMs: number): ComfortRequests {
  return { settings, away_since: null, temporary: null, vacation: null, changed_at: isoTimeOf(nowMs) };
}

/** The requests without what is over; they come to the same at every instant from `nowMs` on. */
export function settled(requests: ComfortRequests, nowMs: number): ComfortRequests {
  const { temporary, vacation, away_since, rooms = {} } = requests;
  const isOver = (until: string) => timeMsOf(until) <= nowMs;
  const temporaryEnded = temporary !== null && isOver(temporary.until);
  const vacationEnded = vacation !== null && isOver(vacation.until);
  const inForce = Object.entries(rooms).filter(([, { until }]) => until === null || !isOver(until));
  const roomsEnded = inForce.length < Object.keys(rooms).length;
  if (!temporaryEnded && !vacationEnded && !roomsEnded) return requests;
  return {
    ...requests,
    ...(roomsEnded && { rooms: Object.fromEntries(inForce) }),
    temporary: temporaryEnded ? null : temporary,
    vacation: vacationEnded ? null : vacation,
    away_since: vacationEnded && isOverWith(away_since, vacation.until) ? null : away_since,
  };
}

function isOverWith(since: string | null, until: string): boolean {
  return since !== null && timeMsOf(since) < timeMsOf(until);
}
