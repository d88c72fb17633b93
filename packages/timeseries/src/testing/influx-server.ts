/** A local HTTP server that speaks as an InfluxDB v2 does, and records what it is asked. */
import { EventEmitter, once } from "node:events";
import http from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { gunzipSync, gzipSync } from "node:zlib";

interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string; // decompressed
}

export interface Answer {
  readonly status?: number;
  readonly headers?: http.OutgoingHttpHeaders;
  readonly body?: string | object;
}

/** "reset" cuts the connection, "hang" leaves it without an answer. */
type Reaction = Answer | "reset" | "hang";
export type Responder = (request: RecordedRequest) => Reaction | Promise<Reaction>;

export interface InfluxServer {
  readonly url: string;
  readonly requests: readonly RecordedRequest[];
  /** Connections that are open. */
  readonly connections: number;
  /** Decides on requests from now on. */
  respond(responder: Responder): void;
  /** Resolves with the request of this number (from 1) of a path, now or when it comes. */
  request(path: string, number: number): Promise<RecordedRequest>;
  close(): Promise<void>;
}

const influxHeaders = { "x-influxdb-build": "OSS", "x-influxdb-version": "v2.7.12" };

const weeklyShards = {
  buckets: [
    { name: "home-energy", retentionRules: [{ everySeconds: 0, shardGroupDurationSeconds: 604_800 }] },
  ],
};

/** What a healthy server does: takes writes and deletes, finds nothing, and describes its bucket. */
export const healthy: Responder = ({ path }) => {
  switch (path) {
    case "/api/v2/query":
      return { status: 200, body: "\r\n" };
    case "/api/v2/buckets":
      return { status: 200, body: weeklyShards };
    default:
      return { status: 204 };
  }
};

/** @param port to come back at; 0 takes a free one */
export async function startInfluxServer(port = 0): Promise<InfluxServer> {
  const requests: RecordedRequest[] = [];
  let respond: Responder = healthy;
  const recorded = new EventEmitter();
  const connections = new Set<Socket>();
  const server = http.createServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const raw = Buffer.concat(chunks);
    const url = new URL(incoming.url ?? "/", "http://localhost");
    const request: RecordedRequest = {
      method: incoming.method ?? "",
      path: url.pathname,
      parameters: Object.fromEntries(url.searchParams),
      headers: incoming.headers,
      body: (incoming.headers["content-encoding"] === "gzip" ? gunzipSync(raw) : raw).toString("utf8"),
    };
    requests.push(request);
    const react = (reaction: Reaction): void => {
      if (reaction === "reset") incoming.socket.resetAndDestroy();
      else if (reaction !== "hang") send(request, reaction, outgoing);
    };
    const reaction = respond(request);
    if (!(reaction instanceof Promise)) react(reaction);
    recorded.emit("request");
    if (reaction instanceof Promise) react(await reaction);
  });
  server.on("connection", (socket) => {
    connections.add(socket);
    socket.on("close", () => connections.delete(socket));
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    get connections() {
      return connections.size;
    },
    respond: (responder) => {
      respond = responder;
    },
    request: async (path, number) => {
      for (;;) {
        const found = requests.filter((request) => request.path === path)[number - 1];
        if (found) return found;
        await once(recorded, "request");
      }
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

function send(request: RecordedRequest, answer: Answer, outgoing: http.ServerResponse): void {
  const { status = 200, headers, body = "" } = answer;
  const json = typeof body === "object";
  const text = json ? JSON.stringify(body) : body;
  const zipped = request.headers["accept-encoding"] === "gzip" && text !== "";
  outgoing.writeHead(status, {
    ...influxHeaders,
    ...(text === ""
      ? {}
      : { "content-type": json ? "application/json; charset=utf-8" : "text/csv; charset=utf-8" }),
    ...(zipped ? { "content-encoding": "gzip" } : {}),
    ...headers,
  });
  outgoing.end(zipped ? gzipSync(text) : text);
}
