/** Something the user asked for cannot be done as asked; its message is one line that says what to change. */
export class UsageError extends Error {
  override readonly name = "UsageError";
  readonly exitCode = 2;
}

/** Something outside failed while doing what the user asked; its message is one line. */
export class RunError extends Error {
  override readonly name = "RunError";
  readonly exitCode = 1;
}
