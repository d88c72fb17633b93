/** A weather source that cannot give its weather: unreadable file, unreachable service, unusable answer. */
export class WeatherSourceError extends Error {
  override readonly name = "WeatherSourceError";
  /** Whether asking again later may help: a network or a service failed. */
  readonly isOutage: boolean = false;

  /** @param message in one line, whatever names and answers it quotes */
  constructor(message: string, options?: ErrorOptions) {
    super(message.replace(/[\s\p{Cc}]+/gu, " "), options);
  }
}

/** The system's word for what happened to a file ("ENOENT"), or the error's message. */
export function fileProblem(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return "code" in error ? String(error.code) : error.message;
}
