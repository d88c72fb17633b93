/** Receives the events of the core, and connects again when they no longer come. */
import type { ServerEvent } from "@azru/contracts";
import { addressOf } from "./api.ts";

const names = ["state", "measurement", "decision", "plan", "tariff", "forecast", "mode", "comfort"] as const;
const retry_ms = 5_000;

export function listen(onEvent: (event: ServerEvent) => void, onConnection: (isConnected: boolean) => void) {
  const source = new EventSource(addressOf("/events"));
  source.addEventListener("open", () => onConnection(true));
  source.addEventListener("error", () => {
    onConnection(false);
    // A refusal closes for good; what was only interrupted is taken up again by the browser.
    if (source.readyState === EventSource.CLOSED) setTimeout(() => listen(onEvent, onConnection), retry_ms);
  });
  for (const event of names) {
    source.addEventListener(event, ({ data }) => onEvent({ event, data: JSON.parse(data) }));
  }
  addEventListener("pagehide", () => source.close(), { once: true });
}
