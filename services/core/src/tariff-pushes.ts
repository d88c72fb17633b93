/** Prices that come at run time: each push is decided on at once. */
import { type TariffState, topics } from "@azru/contracts";
import type { Messenger } from "@azru/messaging";
import type { Clock, Logger } from "@azru/runtime";
import { TariffSourceError } from "@azru/tariff";
import type { Supervisor } from "./decision/supervisor.ts";
import type { PushedTariff } from "./outlook/pushed-tariff.ts";
import { tariffMessage } from "./outlook/tariff-message.ts";
import type { TariffOutlook } from "./outlook/tariff-outlook.ts";

export interface TariffPushParts {
  /** Absent where the tariff has another source. */
  readonly pushed: PushedTariff | undefined;
  readonly tariff: TariffOutlook;
  readonly clock: Pick<Clock, "now">;
  readonly messenger: Messenger;
  readonly supervisor: Pick<Supervisor, "decideIfStarted" | "hasStarted">;
  readonly publishTariff: () => void;
  readonly log: Pick<Logger, "info" | "warn" | "error">;
}

/** Pushed prices where the tariff has another source. */
export class NotPushedError extends Error {
  override readonly name = "NotPushedError";

  /** @param tariff the name of the one in use */
  constructor(tariff: string) {
    super(`the tariff is ${tariff}: set AZRU_TARIFF=pushed and start again, then prices can be pushed`);
  }
}

export interface TariffPushes {
  /**
   * @param by how they came, their name where they have none
   * @returns the prices in use from now on
   * @throws TariffSourceError naming the field and the value; NotPushedError where the tariff has another source
   */
  take(prices: unknown, by: string): Promise<TariffState>;
  /** Forgets what was pushed. @throws NotPushedError */
  forget(): Promise<TariffState>;
}

/** Listens to `control/tariff`; a retained message counts, as prices carry their dates. */
export function createTariffPushes(parts: TariffPushParts): TariffPushes {
  const { tariff, clock, messenger, supervisor, publishTariff, log } = parts;

  function known(): PushedTariff {
    if (parts.pushed) return parts.pushed;
    throw new NotPushedError(tariff.name);
  }

  /** @param cause of a decision, where the prices are new */
  async function inUse(isNew: boolean, cause?: string): Promise<TariffState> {
    await tariff.refresh(clock.now());
    if (isNew && supervisor.hasStarted) publishTariff();
    if (isNew && cause !== undefined) {
      log.info({ source: tariff.loaded.source }, cause);
      supervisor.decideIfStarted(cause);
    }
    return tariffMessage(tariff, clock.now());
  }

  async function take(prices: unknown, by: string): Promise<TariffState> {
    const pushed = known();
    let isNew: boolean;
    try {
      isNew = pushed.take(prices, by, clock.now());
    } catch (error) {
      await inUse(true); // which says what was refused
      throw error;
    }
    return inUse(isNew, "new prices were pushed");
  }

  const forget = async () => inUse(known().forget(), "pushed prices were forgotten");

  messenger.subscribe(topics.controlTariff, async ({ payload }) => {
    try {
      await (payload === null ? forget() : take(payload, "pushed over MQTT"));
    } catch (error) {
      if (!(error instanceof TariffSourceError) && !(error instanceof NotPushedError)) throw error;
      log.warn({ topic: topics.controlTariff.path }, `prices are not used: ${error.message}`);
    }
  });
  return { take, forget };
}
