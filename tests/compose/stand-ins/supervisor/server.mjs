// In the place of Home Assistant's Supervisor: what it answers to an add-on that asks for the broker.
import { createServer } from "node:http";

const { SUPERVISOR_TOKEN: token, MQTT_SERVICE: mqtt } = process.env;

createServer((request, response) => {
  const allowed = request.headers.authorization === `Bearer ${token}`;
  const found = request.method === "GET" && request.url === "/services/mqtt";
  const status = allowed ? (found ? 200 : 404) : 401;
  const body = status === 200 ? { result: "ok", data: JSON.parse(mqtt) } : { result: "error", message: "" };
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}).listen(80);
