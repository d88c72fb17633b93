import { expect, it } from "vitest";
import { deviceHandlers } from "./device-messages.ts";
import { createHome } from "./home.ts";
import { valvesFile } from "./valves-file.ts";

const seconds = 1_000;
const ignore = () => {};
const log = { info: ignore, warn: ignore, error: ignore, debug: ignore };

it("take the temperature that zigbee2mqtt kept, and sends again as it starts, for no measurement", () => {
  const file = valvesFile.parse(
    JSON.stringify({
      rooms: { bath: { sensors: [{ name: "thermometer" }], valves: [{ name: "radiator" }] } },
    }),
    "valves",
  );
  let steadyMs = 0;
  const now = () => ({ homeMs: steadyMs, steadyMs });
  const published: (number | undefined)[] = [];
  const publish = (_room: string, { temperature }: { temperature?: number }) => published.push(temperature);
  const home = createHome(file, { send: () => true, publish }, now, log);
  const handlers = deviceHandlers({ file, home, publish, onIllFields: ignore, now, log });
  const receive = (topic: string, message: object, retained = false) =>
    handlers.get(`zigbee2mqtt/${topic}`)!(new TextEncoder().encode(JSON.stringify(message)), retained);

  receive("bridge/state", { state: "online" }, true);
  receive("thermometer", { temperature: 19.1 });
  expect(published).toEqual([19.1]);

  receive("bridge/state", { state: "offline" });
  steadyMs += 5 * 3600 * seconds;
  receive("bridge/state", { state: "online" });
  steadyMs += 8 * seconds;
  receive("thermometer", { temperature: 19.1 });
  expect(published).toEqual([19.1]);

  receive("thermometer", { temperature: 16.2 });
  expect(published).toEqual([19.1, 16.2]);

  steadyMs += 300 * seconds;
  receive("thermometer", { temperature: 16.2 });
  expect(published).toEqual([19.1, 16.2, 16.2]);
});
