/** The end that a user or the system asks for. */

const signals = ["SIGINT", "SIGTERM"] as const;
/** As shells have them: 128 and the signal's number. */
const exitCodes = { SIGINT: 130, SIGTERM: 143 } as const;

/** Why a run ends that was asked to. */
export class Interrupted extends Error {
  readonly exitCode: number;

  constructor(signal: (typeof signals)[number]) {
    super(signal === "SIGINT" ? "ended by Ctrl-C (SIGINT)" : "ended by SIGTERM");
    this.exitCode = exitCodes[signal];
  }
}

/**
 * @param ask called at each signal; the process itself lives on
 * @returns takes signals as before
 */
export function onInterruption(ask: (reason: Interrupted) => void): () => void {
  const listeners = signals.map((signal) => [signal, () => ask(new Interrupted(signal))] as const);
  for (const [signal, listener] of listeners) process.on(signal, listener);
  return () => {
    for (const [signal, listener] of listeners) process.off(signal, listener);
  };
}
