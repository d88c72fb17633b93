export type StoreErrorCode =
  | "unreachable" // no server, or no answer
  | "unavailable" // a server that cannot serve now
  | "unauthorized"
  | "not-found" // no such organisation or bucket
  | "rejected" // the request or the points are refused
  | "unwritable" // path or disk
  | "not-a-store" // the file or the server is something else
  | "newer" // the file was written by a newer version
  | "busy" // locked by another process
  | "configuration"
  | "lost" // points were given up
  | "closed";

/** What went wrong with a store, in one line for people. */
export class StoreError extends Error {
  override readonly name = "StoreError";
  readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, message: string, cause?: unknown) {
    super(message.replace(/\s*[\r\n]+\s*/g, " "), cause === undefined ? undefined : { cause });
    this.code = code;
  }
}

/** What an error says. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
