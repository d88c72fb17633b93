import { execFile } from "node:child_process";
import { once } from "node:events";
import http from "node:http";
import net, { type AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { pathOf } from "./repository.ts";

const open: (() => void)[] = [];
afterEach(() => {
  for (const close of open.splice(0).reverse()) close();
});

async function listen(server: net.Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  open.push(() => server.close());
  return (server.address() as AddressInfo).port;
}

function check(env: Record<string, string>): Promise<{ code: number; said: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [pathOf("services/healthcheck.mjs")], { env }, (error, _, said) =>
      resolve({ code: Number(error?.code ?? 0), said }),
    );
  });
}

describe("the health check of the core", () => {
  it("asks /health", async () => {
    let status = 200;
    const paths: (string | undefined)[] = [];
    const server = http.createServer((request, response) => {
      paths.push(request.url);
      response.writeHead(status).end();
    });
    const env = { AZRU_SERVICE: "core", AZRU_HTTP_PORT: String(await listen(server)) };
    expect(await check(env)).toEqual({ code: 0, said: "" });
    status = 503;
    expect(await check(env)).toEqual({ code: 1, said: expect.stringContaining("/health answers 503") });
    expect(paths).toEqual(["/health", "/health"]);
  });

  it("fails where nobody listens", async () => {
    const server = http.createServer();
    const port = await listen(server);
    open.pop()!();
    await once(server, "close");
    expect((await check({ AZRU_SERVICE: "core", AZRU_HTTP_PORT: String(port) })).code).toBe(1);
  });
});

describe.skipIf(process.platform !== "linux")("the health check of the other services (needs Linux)", () => {
  it("looks for the connection to the broker", async () => {
    const port = await listen(net.createServer());
    const env = { AZRU_SERVICE: "mpc", MQTT_URL: `mqtt://127.0.0.1:${port}` };
    expect(await check(env)).toEqual({ code: 1, said: `no connection to the broker 127.0.0.1:${port}\n` });

    const connection = net.connect(port, "127.0.0.1");
    open.push(() => connection.destroy());
    await once(connection, "connect");
    expect(await check(env)).toEqual({ code: 0, said: "" });
  });

  it("is not content with a connection that the broker has closed", async () => {
    const server = net.createServer({ allowHalfOpen: true });
    const port = await listen(server);
    const accepted = once(server, "connection");
    const connection = net.connect({ port, host: "127.0.0.1", allowHalfOpen: true });
    open.push(() => connection.destroy());
    const [socket] = (await accepted) as [net.Socket];
    open.push(() => socket.destroy());
    connection.resume();
    socket.end();
    await once(connection, "end");
    expect((await check({ AZRU_SERVICE: "mpc", MQTT_URL: `mqtt://127.0.0.1:${port}` })).code).toBe(1);
  });
});
