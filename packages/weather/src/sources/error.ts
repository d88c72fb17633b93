/** A weather source that cannot give its weather: unreadable file, unreachable service, unusable answer. */
export class WeatherSourceError extends Error {
  override readonly name = "WeatherSourceError";
}
