/** The orderly end of a process. */
import type { Logger } from "./logger.ts";

export interface Shutdown {
  /** Aborted as soon as the end begins. */
  readonly signal: AbortSignal;
  /** Has `closer` run at the end; closers run one after the other, the last registered first. */
  onClose(name: string, closer: () => unknown): void;
  /** Begins the end; the process exits with `exitCode`, or 1 where a closer fails. */
  begin(reason: string, exitCode?: number): void;
}

/**
 * Ends the process on SIGINT, SIGTERM (exit code 0), an uncaught error or rejection (1). What is not closed
 * within the limit is named in the log and left behind (1). Further signals change nothing: a terminal, a
 * package manager and a supervisor often send one each.
 */
export function createShutdown(log: Logger, limit_ms = 5_000): Shutdown {
  const closers: { name: string; closer: () => unknown }[] = [];
  const ending = new AbortController();
  let open: string | undefined;

  async function closeAll(exitCode: number): Promise<void> {
    let code = exitCode;
    while (closers.length > 0) {
      const { name, closer } = closers.pop()!;
      open = name;
      try {
        await closer();
      } catch (error) {
        code = 1;
        log.error({ err: error }, `closing ${name} failed`);
      }
    }
    log.info({ exitCode: code }, "stopped");
    process.exit(code);
  }

  function begin(reason: string, exitCode = 0): void {
    if (ending.signal.aborted) return;
    log.info(`stopping: ${reason}`);
    setTimeout(() => {
      log.error(`not closed within ${limit_ms} ms: ${[open, ...closers.map(({ name }) => name)].join(", ")}`);
      process.exit(1);
    }, limit_ms);
    ending.abort(new Error(reason));
    void closeAll(exitCode);
  }

  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => begin(signal));
  for (const event of ["uncaughtException", "unhandledRejection"] as const) {
    process.on(event, (error: unknown) => {
      log.fatal({ err: error }, event === "uncaughtException" ? "uncaught error" : "unhandled rejection");
      begin("error", 1);
    });
  }
  return {
    signal: ending.signal,
    onClose: (name, closer) => closers.push({ name, closer }),
    begin,
  };
}
