import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";

/** A port that cannot be had; the message is one line and says what to do. */
export class PortError extends Error {
  override readonly name = "PortError";
}

/**
 * Makes sure that a port is free.
 *
 * @param port 0 finds a free one
 * @param option the option that changes the port
 * @throws PortError when it is not, or not for this user
 */
export async function freePort(port: number, host: string, what: string, option: string): Promise<number> {
  const server = createServer();
  try {
    server.listen(port, host);
    await once(server, "listening");
    return (server.address() as AddressInfo).port;
  } catch (error) {
    throw portError(error, port, host, what, option);
  } finally {
    server.close();
  }
}

/** What an error of `listen` means to the user; any other error comes back as it is. */
export function portError(error: unknown, port: number, host: string, what: string, option: string): unknown {
  const other = `choose another with ${option}`;
  switch ((error as NodeJS.ErrnoException).code) {
    case "EADDRINUSE":
      return new PortError(`port ${port} for ${what} is taken by another program: stop it, or ${other}`);
    case "EACCES":
      return new PortError(`port ${port} for ${what} needs more rights than this user has: ${other}`);
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return new PortError(`${host}, the address for ${what}, is not one of this machine`);
    default:
      return error;
  }
}
