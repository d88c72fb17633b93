/** Why a source gave nothing the last time it was asked. */
export interface LastFailure {
  readonly atMs: number; // home time
  readonly reason: string;
}

/** An error in one line. */
export function reasonOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n")[0];
}
