/** What an operator watches of a core. */
import type { CoreParts } from "./core-parts.ts";
import type { Observed } from "./metrics.ts";
import type { Recorder } from "./record/recorder.ts";
import { rateInForce } from "./state.ts";

export function observedOf(parts: CoreParts, recorder: Pick<Recorder, "counts">): Observed {
  const { house, supervisor, requester, sent } = parts;
  const { clock, messenger, store, tariff } = parts.options;
  return {
    isTimeKnown: () => clock.isKnown,
    messaging: () => messenger.metrics(),
    unmatchedPlans: () => requester.unmatched,
    store: () => store.stats,
    recorder: () => recorder.counts,
    rooms: () => house.rooms(clock.now()),
    refusedReadings: () => house.refusedReadings,
    distrusted: () => house.distrusted,
    substitutes: () => ({
      weather: supervisor.forecast?.weather.fallbackReason !== undefined,
      tariff: tariff.loaded.fallbackReason !== undefined,
    }),
    valve: () => supervisor.decision?.command.valve_position,
    price_eur_kwh: () => (clock.isKnown ? rateInForce(tariff, clock.now())?.price_eur_kwh : undefined),
    heatingFault: () => house.doubt.heating?.fault,
    failsafe: () => supervisor.failsafe !== undefined,
    eventClients: () => sent.listeners,
  };
}
