/** An MQTT 3.1.1 broker inside the process, for a home without Mosquitto. */
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { Aedes, type Client } from "aedes";
import { separateSmallBuffers } from "./small-buffers.ts";

export interface EmbeddedBroker {
  readonly url: string;
  readonly port: number;
  /** Disconnects every client and frees the port. */
  close(): Promise<void>;
}

/**
 * Starts a broker that keeps its state in memory and asks for no password: it listens on loopback by default.
 *
 * @param port 0 takes a free one
 * @throws the system's error when the port cannot be had: `EADDRINUSE`, `EACCES`
 */
export async function startEmbeddedBroker({
  port = 1883,
  host = "127.0.0.1",
}: {
  port?: number;
  host?: string;
} = {}): Promise<EmbeddedBroker> {
  separateSmallBuffers();
  const aedes = await createBroker();
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    aedes.handle(socket);
  });
  server.listen(port, host);
  try {
    await once(server, "listening");
  } catch (error) {
    await closeAedes(aedes);
    throw error;
  }
  const address = server.address() as AddressInfo;
  return {
    url: `mqtt://${host.includes(":") ? `[${host}]` : host}:${address.port}`,
    port: address.port,
    async close() {
      const closed = once(server, "close");
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
      await closeAedes(aedes);
    },
  };
}

/**
 * A broker that loses no message to its own search for copies.
 *
 * Aedes takes for a copy what has a lower number than the message before it. But it numbers messages as they come in,
 * and one that is retained or of QoS 1 is stored before it goes on: the next one overtakes it, and the one that was
 * stored is dropped (moscajs/aedes issues 533, 955 and 994). So Aedes remembers no number here. A client whose
 * subscriptions overlap would get a copy for each; these come one after the other, with the same number.
 */
function createBroker(): Promise<Aedes> {
  const lastNumbers = new WeakMap<Client, number>();
  return Aedes.createBroker({
    preConnect(client, _packet, done) {
      Object.assign(client, { duplicates: new Proxy({}, { set: () => true }) });
      done(null, true);
    },
    authorizeForward(client, packet) {
      if (lastNumbers.get(client) === packet.brokerCounter) return null;
      lastNumbers.set(client, packet.brokerCounter);
      return packet;
    },
  });
}

function closeAedes(aedes: Aedes): Promise<void> {
  return new Promise((resolve) => aedes.close(resolve));
}
