/**
 * Whether this container's service is alive: exit code 0 or 1. The core answers over HTTP. The others have no
 * HTTP; of them the connection to the broker must stand, which a hung event loop loses for want of keepalives.
 */
import { readFileSync } from "node:fs";

const { AZRU_SERVICE, AZRU_HTTP_PORT = "8000", MQTT_URL = "mqtt://localhost:1883" } = process.env;

try {
  if (AZRU_SERVICE === "core") await askHttp(`http://127.0.0.1:${AZRU_HTTP_PORT}/health`);
  else findConnection(new URL(MQTT_URL));
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}

async function askHttp(url) {
  const response = await fetch(url, { signal: AbortSignal.timeout(8_000) });
  if (!response.ok) throw new Error(`${url} answers ${response.status}`);
}

function findConnection({ host, port, protocol }) {
  const remotePort = Number(port || (protocol === "mqtts:" ? 8883 : 1883));
  const established = "01"; // TCP_ESTABLISHED of Linux's include/net/tcp_states.h
  const connected = ["/proc/net/tcp", "/proc/net/tcp6"]
    .flatMap((table) => readFileSync(table, "utf8").trim().split("\n").slice(1))
    .map((line) => line.trim().split(/\s+/))
    .some(
      ([, , remote, state]) =>
        state === established && Number.parseInt(remote.split(":")[1], 16) === remotePort,
    );
  if (!connected) throw new Error(`no connection to the broker ${host}`);
}
