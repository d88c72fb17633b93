/** For tests: a real HTTP server on this machine that answers as set and remembers what it was asked. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** Answers with a status and a body, as JSON unless it is text. */
export function reply(body: unknown, status = 200): Answer {
  return (_request, response) => {
    response.writeHead(status, { "content-type": "application/json" });
    response.end(typeof body === "string" ? body : JSON.stringify(body));
  };
}

/** Never answers. */
export const silence: Answer = () => {};

/** Closes the connection without an answer. */
export const hangUp: Answer = (request) => {
  request.socket.destroy();
};

export async function localServer() {
  let answers: Answer[] = [];
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(decodeURIComponent(request.url ?? ""));
    const answer = answers.length > 1 ? answers.shift()! : answers[0];
    answer(request, response);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** The paths that were asked since the last `answer`. */
    asked,
    /** From now on: each answer once, the last one for ever. */
    answer(...next: [Answer, ...Answer[]]) {
      answers = next;
      asked.length = 0;
    },
    close() {
      server.closeAllConnections();
      return new Promise<void>((resolve, reject) => {
        server.close((error) => (error === undefined ? resolve() : reject(error)));
      });
    },
  };
}
