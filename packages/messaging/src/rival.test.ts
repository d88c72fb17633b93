/** Two processes that are the same service of the same site. */
import { topics } from "@azru/contracts";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { connect } from "./broker-messenger.ts";
import type { Messenger } from "./messenger.ts";
import { brokers, type TestBroker } from "./testing.ts";

const quiet = () => undefined;

for (const { name, available, start } of brokers) {
  describe.skipIf(!available)(name, () => {
    let broker: TestBroker;
    const open: Messenger[] = [];
    beforeEach(async () => {
      broker = await start();
    });
    afterEach(async () => {
      for (const messenger of open.splice(0)) await messenger.close();
      await broker.stop();
    });

    /** A core that collects its errors. */
    function core(errors: string[]): Messenger {
      const log = {
        debug: quiet,
        info: quiet,
        warn: quiet,
        error: (_: unknown, text: string) => errors.push(text),
      };
      const messenger = connect({
        url: broker.url,
        service: "core",
        isOnly: true,
        log,
        reconnectMin_ms: 50,
        reconnectMax_ms: 200,
      });
      open.push(messenger);
      return messenger;
    }

    /** Resolves when the messenger is connected, or no longer. */
    function turns(messenger: Messenger, isConnected: boolean): Promise<void> {
      return new Promise((resolve) => {
        const stop = messenger.onConnectionChange((connected) => {
          if (connected !== isConnected) return;
          stop();
          resolve();
        });
      });
    }

    test("the first stands by, says so once, and takes its place again when the other has left", async () => {
      const errors: string[] = [];
      const first = core(errors);
      await first.whenConnected();
      const isThrownOut = turns(first, false);
      const second = core(errors);
      await second.whenConnected();
      await isThrownOut;
      await expect.poll(() => first.rival ?? second.rival).toBeDefined();
      const [standing, other] = first.rival ? [first, second] : [second, first];
      await other.whenConnected();
      expect(standing.rival?.reason).toMatch(/^another core of the site home has connected to the broker/);
      expect(standing.connected).toBe(false);
      expect(standing.metrics().takenOver).toBe(1);
      expect(errors).toHaveLength(1);
      expect(
        await standing.publish(topics.valveSet, { room: "a" }, { valve_position: 1, source: "mpc" }),
      ).toBe("waiting");
      const { connections } = other.metrics();

      const isBack = turns(standing, true);
      await other.close();
      await isBack;
      expect(standing.rival).toBeUndefined();
      expect(other.metrics().connections).toBe(connections);
    });

    test("who stands by stays there while the other is connected, and ends at once when it is closed", async () => {
      const first = core([]);
      await first.whenConnected();
      const second = core([]);
      await expect.poll(() => first.rival ?? second.rival).toBeDefined();
      const [standing, other] = first.rival ? [first, second] : [second, first];
      await other.whenConnected();
      await standing.close();
      expect(other.connected).toBe(true);
      expect(other.rival).toBeUndefined();
    });

    test("a broker that was away is no rival", async () => {
      const only = core([]);
      await only.whenConnected();
      for (let times = 0; times < 2; times++) {
        const isLost = turns(only, false);
        await broker.kill();
        await isLost;
        const isBack = turns(only, true);
        await broker.restart();
        await isBack;
      }
      expect(only.rival).toBeUndefined();
    });
  });
}
