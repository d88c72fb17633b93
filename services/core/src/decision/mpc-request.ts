/** The question to the optimiser. */
import { isoTimeOf, type MpcRequest } from "@azru/contracts";
import { type Forecast, type MpcOptions, mpcProblem, packProblem } from "@azru/control";

export interface RequestTimes {
  readonly startMs: number; // home time
  /** Wall time, because solving takes wall time also where the home's time runs faster. */
  readonly issuedMs: number;
  readonly timeout_ms: number;
}

/**
 * One self-contained request.
 *
 * @throws InvalidProblemError when the forecast does not fit the options
 */
export function mpcRequest(
  id: string,
  options: MpcOptions,
  x_c: readonly number[],
  forecast: Forecast,
  { startMs, issuedMs, timeout_ms }: RequestTimes,
): MpcRequest {
  return {
    id,
    issued_at: isoTimeOf(issuedMs),
    deadline: isoTimeOf(issuedMs + timeout_ms),
    start: isoTimeOf(startMs),
    problem: packProblem(mpcProblem(options, { x_c }, forecast)),
  };
}
