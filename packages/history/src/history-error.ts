/** Measurements do not make a history; the message is one line that says what is missing. */
export class HistoryError extends Error {
  override readonly name = "HistoryError";
}
