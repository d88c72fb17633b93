/**
 * Does work that ends early when its signal aborts: after the time, or with the other signal.
 *
 * `AbortSignal.any([signal, AbortSignal.timeout(…)])` would be shorter, but Node 20 to 24 may collect that timeout as
 * garbage before it fires (nodejs/node#57736), and the work would then never end.
 *
 * @throws what the work throws
 */
export async function withinTime<T>(
  time_ms: number,
  signal: AbortSignal,
  work: (limit: AbortSignal) => Promise<T>,
): Promise<T> {
  const limit = new AbortController();
  const end = () => limit.abort();
  const timer = setTimeout(end, time_ms);
  signal.addEventListener("abort", end, { once: true });
  if (signal.aborted) end();
  try {
    return await work(limit.signal);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", end);
  }
}
