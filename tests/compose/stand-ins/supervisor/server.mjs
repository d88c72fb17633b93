// In the place of Home Assistant's Supervisor: what it answers to an add-on that asks for the broker, and its ingress.
import { request as ask, createServer } from "node:http";

const {
  SUPERVISOR_TOKEN: token,
  MQTT_SERVICE: mqtt,
  INGRESS_PATH: ingress,
  INGRESS_PORT: port,
} = process.env;

createServer((request, response) => {
  if (request.url.startsWith(`${ingress}/`)) return passOn(request, response);
  const allowed = request.headers.authorization === `Bearer ${token}`;
  const found = request.method === "GET" && request.url === "/services/mqtt";
  const status = allowed ? (found ? 200 : 404) : 401;
  const body = status === 200 ? { result: "ok", data: JSON.parse(mqtt) } : { result: "error", message: "" };
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}).listen(80);

/** To the add-on, with the Host that was asked for, as Home Assistant and the Supervisor do it for a user who is logged in. */
function passOn(request, response) {
  const headers = { ...request.headers, "x-ingress-path": ingress };
  const path = request.url.slice(ingress.length);
  const passed = ask({ host: "addon", port, method: request.method, path, headers }, (answer) => {
    response.writeHead(answer.statusCode, answer.headers);
    answer.pipe(response);
  });
  passed.on("error", () => response.destroy());
  request.pipe(passed);
}
