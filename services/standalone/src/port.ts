import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { RunError } from "@azru/command-line";

/**
 * Makes sure that a port is free.
 *
 * @param port 0 finds a free one
 * @param option the option that changes the port
 * @throws RunError in one line that says what to do, when it is not, or not for this user
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
      return new RunError(`port ${port} for ${what} is taken by another program: stop it, or ${other}`);
    case "EACCES":
      return new RunError(`port ${port} for ${what} needs more rights than this user has: ${other}`);
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return new RunError(`${host}, the address for ${what}, is not one of this machine`);
    default:
      return error;
  }
}
