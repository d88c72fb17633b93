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
export type Responder = (request: RecordedRequest) => Answer | "reset" | "hang";

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

const influxHeaders = { "x-influxdb-build": "OSS", "x-influxdb-version": "v2.7.11" };

/** What a healthy server does: takes writes and deletes, and finds nothing. */
export const healthy: Responder = ({ path }) =>
  path === "/api/v2/query" ? { status: 200, body: "\r\n" } : { status: 204 };

export async function startInfluxServer(): Promise<InfluxServer> {
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
    const answer = respond(request);
    if (answer === "reset") incoming.socket.resetAndDestroy();
    else if (answer !== "hang") send(request, answer, outgoing);
    recorded.emit("request");
  });
  server.on("connection", (socket) => {
    connections.add(socket);
    socket.on("close", () => connections.delete(socket));
  });
  server.listen(0, "127.0.0.1");
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
