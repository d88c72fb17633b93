import { HttpError } from "@influxdata/influxdb-client";
import { expect, it } from "vitest";
import { withRetries } from "./retries.ts";

const unreachable = Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });

function failing(...errors: Error[]) {
  let calls = 0;
  const attempt = async () => {
    const error = errors[calls++];
    if (error) throw error;
    return calls;
  };
  return { attempt, calls: () => calls };
}

it("goes on after an InfluxDB was away, overloaded or not ready", async () => {
  const retried: string[] = [];
  const { attempt } = failing(unreachable, new HttpError(503, "Service Unavailable"));
  const onRetry = (error: Error, pause_ms: number) => retried.push(`${error.message}, ${pause_ms} ms`);
  expect(await withRetries(attempt, { pauses_ms: [1, 2, 3], onRetry })).toBe(3);
  expect(retried).toEqual(["connect ECONNREFUSED, 1 ms", "503 Service Unavailable, 2 ms"]);
});

it("gives up with the last reason", async () => {
  const { attempt, calls } = failing(unreachable, unreachable, unreachable, unreachable);
  await expect(withRetries(attempt, { pauses_ms: [1, 1] })).rejects.toBe(unreachable);
  expect(calls()).toBe(3);
});

it.each([new HttpError(401, "Unauthorized"), new HttpError(404, "Not Found"), new Error("no bucket")])(
  "does not repeat what stays wrong: $message",
  async (error) => {
    const { attempt, calls } = failing(error);
    await expect(withRetries(attempt, { pauses_ms: [1] })).rejects.toBe(error);
    expect(calls()).toBe(1);
  },
);

it("stops when the service is stopped", async () => {
  const { attempt, calls } = failing(unreachable);
  await expect(withRetries(attempt, { pauses_ms: [60_000], signal: AbortSignal.abort() })).rejects.toThrow(
    /aborted/,
  );
  expect(calls()).toBe(1);
});
