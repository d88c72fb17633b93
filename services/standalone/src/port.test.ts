import { once } from "node:events";
import { type AddressInfo, createServer, type Server } from "node:net";
import { RunError } from "@azru/command-line";
import { expect, it, onTestFinished } from "vitest";
import { freePort } from "./port.ts";

async function listening(port: number): Promise<Server> {
  const server = createServer().listen(port, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return server;
}

it("finds a free port for 0, and leaves it free", async () => {
  const port = await freePort(0, "127.0.0.1", "the API", "--http-port");
  expect(port).toBeGreaterThan(0);
  await listening(port);
});

it("names a port that is taken and the option that changes it", async () => {
  const { port } = (await listening(0)).address() as AddressInfo;
  const asked = freePort(port, "127.0.0.1", "the API", "--http-port");
  await expect(asked).rejects.toThrow(RunError);
  await expect(asked).rejects.toThrow(
    `port ${port} for the API is taken by another program: stop it, or choose another with --http-port`,
  );
});

it("names an address that this machine does not have", async () => {
  // RFC 5737: an address for documentation, which nobody has.
  await expect(freePort(0, "192.0.2.1", "the API", "--http-port")).rejects.toThrow(
    "192.0.2.1, the address for the API, is not one of this machine",
  );
});
