/** The fixtures of the valves service, and the page that lists how each device is driven. */
import { fileURLToPath } from "node:url";
import { driveOf } from "./drive.ts";
import { version } from "./environment.ts";
import type { Kind, ListedDevice } from "./selection.ts";

const fileOf = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
export const fixturesFile = fileOf("services/valves/src/testing/devices.jsonl");
export const pageFile = fileOf("docs/reference/zigbee-devices.md");

const titles: Readonly<Record<Kind, string>> = {
  valve: "Radiator valves, and electric radiators with a thermostat",
  pilot_wire: "Pilot wires",
  relay: "Relays and plugs",
};

export function devicesPage(devices: readonly ListedDevice[]): string {
  const parts = (Object.entries(titles) as [Kind, string][]).map(([kind, title]) => {
    const rows = devices.filter((device) => device.kind === kind).map(row);
    return `## ${title}\n\n| vendor and model | driven by | sent along |\n|---|---|---|\n${rows.join("\n")}\n`;
  });
  return `# Zigbee devices and how they are driven

Written by \`pnpm test:zigbee --write\` from zigbee-herdsman-converters ${version}, the list of zigbee2mqtt: the properties that each device can be set by, and what Azru sends. \`pnpm test:zigbee\` has the same converters execute every message for every device of this page. No message of this page has been sent to the hardware itself by us.

A device that is not on this page is driven by the same rules, from what zigbee2mqtt says of it.

${parts.join("\n")}`;
}

function row(device: ListedDevice): string {
  const { vendor, model, aliases } = device;
  const drive = driveOf(device);
  const name = [`${vendor} ${model}`, ...aliases].join(", ").replaceAll("|", "/");
  if (!drive) return `| ${name} | not driven | |`;
  const [[, first]] = Object.entries(drive.messages);
  const property = /`(.+)`/.exec(drive.how)?.[1];
  const along = Object.entries(first)
    .filter(([key]) => key !== property)
    .map(([key, value]) => `\`${key}: ${value}\``);
  return `| ${name} | ${drive.how} | ${along.join(", ")} |`;
}
