/** Asks a source in the background, keeps its last good answer, and says why there is none newer. */

export interface Coordinator<T> {
  /** The last good answer, and when it was asked for; undefined before the first. */
  readonly good: { readonly value: T; readonly atMs: number } | undefined;
  /** Why the source gave nothing the last time, in one line; undefined where it answered. */
  readonly failure: string | undefined;
  /** Asks the source, one request at a time. Never rejects. @returns whether an answer came */
  refresh(nowMs: number): Promise<boolean>;
}

/** @param ask the source; gets the home time of the request */
export function createCoordinator<T>(ask: (nowMs: number) => Promise<T>): Coordinator<T> {
  let good: Coordinator<T>["good"];
  let failure: string | undefined;
  let asking: Promise<boolean> | undefined;

  async function request(nowMs: number): Promise<boolean> {
    try {
      good = { value: await ask(nowMs), atMs: nowMs };
      failure = undefined;
      return true;
    } catch (error) {
      failure = reasonOf(error);
      return false;
    }
  }

  return {
    get good() {
      return good;
    },
    get failure() {
      return failure;
    },
    refresh(nowMs) {
      asking ??= request(nowMs).finally(() => {
        asking = undefined;
      });
      return asking;
    },
  };
}

/** An error in one line. */
export function reasonOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n")[0];
}
