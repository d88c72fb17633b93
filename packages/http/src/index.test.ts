import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { type HttpOptions, httpClient } from "./index.ts";

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** Asks a server of this machine. */
async function asking(answer: RequestListener, options: HttpOptions) {
  server = createServer(answer).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return httpClient(options)(new URL(`http://127.0.0.1:${port}/`));
}

const chunk = Buffer.alloc(64 * 1024, "a");

test("an answer without end is cut off at its largest size, and takes no memory", async () => {
  const largest_bytes = 4 * 1024 * 1024;
  let sent_bytes = 0;
  let most_bytes = 0;
  const before = process.memoryUsage().arrayBuffers;
  const asked = asking(
    (_, response) => {
      const send = () => {
        if (response.destroyed) return;
        sent_bytes += chunk.length;
        most_bytes = Math.max(most_bytes, process.memoryUsage().arrayBuffers - before);
        response.write(chunk, send);
      };
      send();
    },
    { largest_bytes, retries: 3, retryDelayMs: 1 },
  );
  await expect(asked).rejects.toThrow("Response content exceeded max size");
  // What the operating system holds in its buffers was sent too, but not read.
  expect(sent_bytes).toBeLessThan(300 * 1024 * 1024);
  expect(most_bytes).toBeLessThan(8 * largest_bytes);
});

test("an answer that says that it is too long is not read", async () => {
  const asked = asking(
    (_, response) => {
      response.writeHead(200, { "content-length": 300_000_000 });
      response.write(chunk);
    },
    { largest_bytes: 1_000_000 },
  );
  await expect(asked).rejects.toThrow("the answer has 300000000 bytes, more than 1000000");
});

test("an answer that breaks off is no status", async () => {
  const asked = asking(
    (_, response) => {
      response.writeHead(200, { "content-length": 1_000 });
      response.write("a", () => response.destroy());
    },
    { retries: 1, retryDelayMs: 1 },
  );
  await expect(asked).rejects.toThrow(/^(?!HTTP)/);
});

test("an answer that trickles without end is given up at the deadline", async () => {
  const asked = asking(
    (_, response) => {
      const timer = setInterval(() => response.write("a"), 20);
      response.on("close", () => clearInterval(timer));
    },
    { deadlineMs: 200 },
  );
  await expect(asked).rejects.toMatchObject({ name: "HttpError", message: expect.stringMatching(/timeout/) });
});

test("without retries any status is an answer", async () => {
  const answer = asking((_, response) => void response.writeHead(503).end("later"), { retries: 0 });
  expect(await answer).toEqual({ statusCode: 503, text: "later" });
});

test("the headers that are given go with a request, in the place of the usual ones", async () => {
  const { text } = await asking(
    ({ headers }, response) => void response.end(`${headers.authorization} ${headers.accept}`),
    { headers: { authorization: "Bearer x" } },
  );
  expect(text).toBe("Bearer x application/json");
});
