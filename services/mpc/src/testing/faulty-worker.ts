/** A thread that fails for requests whose id says how, and solves the others. */
import { setImmediate } from "node:timers/promises";
import solve, { type Job } from "../solve-worker.ts";

export default async function work(job: Job) {
  const { id } = job.request;
  if (id.startsWith("exit")) process.exit(3);
  if (id.startsWith("throw")) throw new TypeError("cannot read properties of undefined");
  if (id.startsWith("uncaught")) {
    queueMicrotask(() => {
      throw new Error("thrown where nobody catches");
    });
    await setImmediate();
  }
  if (id.startsWith("memory")) {
    const hoard: number[][] = [];
    for (;;) hoard.push(Array.from({ length: 100_000 }, (_, i) => i + hoard.length));
  }
  while (id.startsWith("hang")) Math.random();
  return solve(job);
}
