/** What `azru` can be asked to do: each command is the program of a service. */
export const commands = {
  simulate: { service: "batch", description: "replay a winter, compare controllers" },
  start: { service: "standalone", description: "run the whole system here" },
  setup: { service: "setup", description: "describe your home" },
  calibrate: { service: "calibrate", description: "correct a building file by what the home did" },
  doctor: { service: "doctor", description: "find out what is wrong with an installation" },
  valves: { service: "valves", description: "drive radiator valves, relays and thermometers" },
  "home-assistant": { service: "home-assistant", description: "use Home Assistant's entities" },
} as const satisfies Readonly<Record<string, { readonly service: string; readonly description: string }>>;

export type CommandName = keyof typeof commands;

export function isCommand(name: string | undefined): name is CommandName {
  return name !== undefined && Object.hasOwn(commands, name);
}
