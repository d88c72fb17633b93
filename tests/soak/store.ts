/** A database that can be out of order, and what it has acknowledged. */
import { healthy, type InfluxServer, type Responder, startInfluxServer } from "@azru/timeseries/testing";

export type StoreTrouble = "refuses" | "hangs" | "cuts connections";

export interface SoakStore {
  readonly url: string;
  /** Points by measurement, tags and time, each with how often it was acknowledged. */
  readonly acknowledged: ReadonlyMap<string, number>;
  /** Is out of order from now on, or in order again. */
  trouble(kind: StoreTrouble | undefined): void;
  close(): Promise<void>;
}

export async function startStore(): Promise<SoakStore> {
  const server: InfluxServer = await startInfluxServer();
  const acknowledged = new Map<string, number>();
  const inOrder: Responder = (request) => {
    if (request.path === "/api/v2/write") {
      for (const line of request.body.split("\n").filter(Boolean)) {
        const key = keyOf(line);
        acknowledged.set(key, (acknowledged.get(key) ?? 0) + 1);
      }
    }
    return healthy(request);
  };
  const outOfOrder: Readonly<Record<StoreTrouble, Responder>> = {
    refuses: () => ({ status: 503, body: { code: "unavailable", message: "out of order" } }),
    hangs: () => "hang",
    "cuts connections": () => "reset",
  };
  server.respond(inOrder);
  return {
    url: server.url,
    acknowledged,
    trouble: (kind) => server.respond(kind === undefined ? inOrder : outOfOrder[kind]),
    close: () => server.close(),
  };
}

/** Measurement, tags and time of a line: what makes it a point of its own. */
function keyOf(line: string): string {
  const series = /^(?:[^\\ ]|\\.)+/.exec(line)?.[0] ?? "";
  return `${series} ${line.slice(line.lastIndexOf(" ") + 1)}`;
}

/** The key of a reading of a room at a time, as `acknowledged` has it. */
export function readingKey(room: string, timeMs: number): string {
  return `sensors,location=${room},simulated=true ${timeMs}`; // the home of a soak lives in simulated time
}
