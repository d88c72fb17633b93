import http from "node:http";
import https from "node:https";
import { Socket } from "node:net";

/** Less than any server keeps an idle connection, so that none is used that it has just closed. */
const idleTimeoutMs = 5_000;

/**
 * Kept-alive connections to an InfluxDB, closed when a request times out: the client only stops listening
 * then, and a server that hangs would collect open connections.
 */
export function influxAgent(url: URL): http.Agent {
  const options = { keepAlive: true, timeout: idleTimeoutMs };
  const agent = url.protocol === "https:" ? new https.Agent(options) : new http.Agent(options);
  const connect = agent.createConnection.bind(agent);
  agent.createConnection = (connection, callback) => {
    const socket = connect(connection, callback);
    if (socket instanceof Socket) socket.on("timeout", () => socket.destroy());
    return socket;
  };
  return agent;
}
