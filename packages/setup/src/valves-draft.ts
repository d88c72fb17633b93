/** A first valves file for a home, to be completed with the names that its devices have in zigbee2mqtt. */
import type { SetupAnswers } from "@azru/contracts";
import { figuresOf } from "./assumptions.ts";
import type { SetupLanguage } from "./texts.ts";

const texts = {
  en: {
    head: "Put in the names that your devices have in zigbee2mqtt. docs/valves.md, docs/pilot-wire.md",
    thermometer: (room: string) => `${room} thermometer`,
    heater: (room: string) => `${room} radiator`,
    rated: "of the radiator's label; here the home's power by the number of rooms",
    power: "the subscribed power of the bill, and what the rest of the home draws at least",
  },
  fr: {
    head: "Mettez les noms de vos appareils dans zigbee2mqtt. docs/fr/vannes.md, docs/fr/fil-pilote.md",
    thermometer: (room: string) => `thermomètre ${room}`,
    heater: (room: string) => `radiateur ${room}`,
    rated: "sur l'étiquette du radiateur ; ici la puissance du logement divisée par ses pièces",
    power: "la puissance souscrite de la facture, et ce que prend au moins le reste du logement",
  },
} as const;

/**
 * Electric heaters on pilot wires, radiators with water as valves, a heated floor as one relay: all in the room that
 * decides, since they follow one plan.
 *
 * @returns YAML
 */
export function valvesDraftOf(answers: SetupAnswers, language: SetupLanguage): string {
  const text = texts[language];
  const { rooms, heater, subscribed_kva, base_load_w } = answers;
  const rated_w = Math.round((figuresOf(answers).max_power_kw * 1000) / rooms.length / 50) * 50;
  const named = (indent: string, name: string) => `${indent}- name: ${JSON.stringify(name)}\n`;
  const each = (key: string, more = "") =>
    `    ${key}:\n${rooms.map((room) => named("      ", text.heater(room)) + more).join("")}`;
  const heaters =
    heater === "waterRadiator"
      ? each("valves")
      : heater === "floorHeating"
        ? `    relays:\n${named("      ", text.heater(rooms[0]))}`
        : each("pilot_wires", `        rated_w: ${rated_w} # ${text.rated}\n`);
  const limit =
    heater === "waterRadiator" || heater === "floorHeating"
      ? ""
      : subscribed_kva === null
        ? `# power: # ${text.power}\n#   subscribed_kva: 9\n#   base_load_w: 1500\n\n`
        : `power: # ${text.power}\n  subscribed_kva: ${subscribed_kva}\n  base_load_w: ${base_load_w}\n\n`;
  return `# ${text.head}

${limit}rooms:
  ${JSON.stringify(rooms[0])}:
    sensors:
${named("      ", text.thermometer(rooms[0]))}${heaters}`;
}
