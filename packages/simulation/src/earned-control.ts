/** Whether a model of a house has shown that plans may be made with it. */
import type { DayErrors } from "@azru/identification";

export interface Standing {
  readonly isTrusted: boolean;
  /** In one sentence, for people. */
  readonly reason: string;
}

const leastPredictions = 72; // three days of one an hour
const earns = 0.9; // of the error of "as yesterday"
const loses = 1; // of the same
const good_k = 0.5; // a model that errs by no more keeps its standing, however steady the days were

/**
 * A model earns control by predicting the home's own days, a day ahead, clearly better than "as warm as the mean of the
 * day before" does; it loses control when it does so no longer.
 *
 * @param days how well whole days were predicted in this home
 * @param wasTrusted whether it has control now
 */
export function standingOf({ model_k, yesterday_k, predictions }: DayErrors, wasTrusted: boolean): Standing {
  const compared = `it predicts a day ahead to ${model_k.toFixed(2)} K, the mean of the day before to ${yesterday_k.toFixed(2)} K`;
  if (predictions < leastPredictions && !wasTrusted) {
    const days = Math.ceil((leastPredictions - predictions) / 24);
    return {
      isTrusted: false,
      reason: `The model of the house has to prove itself on ${days} more ${days === 1 ? "day" : "days"} of this home.`,
    };
  }
  const isTrusted = wasTrusted
    ? model_k <= Math.max(good_k, loses * yesterday_k)
    : model_k < earns * yesterday_k;
  return {
    isTrusted,
    reason: isTrusted
      ? `The model of the house has proved itself: ${compared}.`
      : `The model of the house ${wasTrusted ? "no longer predicts this home well" : "has not proved itself"}: ${compared}.`,
  };
}
