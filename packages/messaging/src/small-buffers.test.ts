import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { topics } from "@azru/contracts";
import { expect, it } from "vitest";
import { startEmbeddedBroker } from "./broker.ts";
import { connect } from "./broker-messenger.ts";

const log = { debug() {}, info() {}, warn() {}, error() {} };
/** Of the sentence in a plan. */
const lengths = Array.from({ length: 400 }, (_, i) => 1 + i);

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

it("keeps a few bytes for each length of a packet that was sent, not the block they were cut from", async () => {
  const broker = await startEmbeddedBroker({ port: 0 });
  const messenger = connect({ url: broker.url, service: "core", log });
  await messenger.whenConnected();
  const plan = { id: "a", worker: "w", solve_ms: 1, status: "failed" as const };
  collectGarbage();
  const before = process.memoryUsage().arrayBuffers;
  for (const length of lengths) {
    await messenger.publish(topics.mpcPlan, {}, { ...plan, error: "x".repeat(length) });
    // What a service does between two messages: it takes the rest of any block shared with others.
    for (let i = 0; i < 20; i++) Buffer.from("x".repeat(1000));
  }
  // V8 gives the memory of buffers back beside the program, some time after they are collected.
  const kept_bytes = () => {
    collectGarbage();
    return (process.memoryUsage().arrayBuffers - before) / lengths.length;
  };
  await expect.poll(kept_bytes).toBeLessThan(500);
  await messenger.close();
  await broker.close();
});
