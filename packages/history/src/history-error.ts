/** Measurements do not make a history; the message is one line that says what is missing. */
export class HistoryError extends Error {
  override readonly name = "HistoryError";
  /** Whether asking again later may help: a network or a service failed. */
  readonly isOutage: boolean;

  constructor(message: string, { isOutage = false }: { readonly isOutage?: boolean } = {}) {
    super(message);
    this.isOutage = isOutage;
  }
}
