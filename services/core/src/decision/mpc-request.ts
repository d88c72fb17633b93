/** The question to the optimiser. */
import { isoTimeOf, type MpcRequest } from "@azru/contracts";
import { type Forecast, type MpcOptions, mpcProblem } from "@azru/control";

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
  theta_m_c: number,
  forecast: Forecast,
  { startMs, issuedMs, timeout_ms }: RequestTimes,
): MpcRequest {
  const problem = mpcProblem(options, { theta_m_c }, forecast);
  const { comfort, terminal, maxPower_w, cop } = problem;
  return {
    id,
    issued_at: isoTimeOf(issuedMs),
    deadline: isoTimeOf(issuedMs + timeout_ms),
    start: isoTimeOf(startMs),
    problem: {
      ...problem,
      maxPower_w: plain(maxPower_w),
      cop: plain(cop),
      theta_e_c: Array.from(problem.theta_e_c),
      phi_sol_w: Array.from(problem.phi_sol_w),
      phi_int_w: Array.from(problem.phi_int_w),
      price_eur_kwh: Array.from(problem.price_eur_kwh),
      comfort: { min_c: plain(comfort.min_c), max_c: plain(comfort.max_c) },
      terminal: {
        breakpoints_c: Array.from(terminal.breakpoints_c),
        slopes_eur_k: Array.from(terminal.slopes_eur_k),
      },
    },
  };
}

/** As JSON writes it. */
function plain(steps: number | Float64Array | readonly number[]): number | number[] {
  return typeof steps === "number" ? steps : Array.from(steps);
}
