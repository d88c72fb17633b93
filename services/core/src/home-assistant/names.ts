/** Names of the entities, in each language; entity ids do not follow them. */
import type { Language } from "../dashboard/page/format.ts";

const en = {
  heating: "Heating",
  temperature: "Temperature",
  mass_temperature: "Walls",
  operative_temperature: "Air and walls together",
  planned_temperature: "Planned temperature",
  planned_power: "Planned power",
  energy: "Energy",
  price: "Price",
  next_price: "Next price",
  price_changes_at: "Price changes at",
  colour_today: "Colour today",
  colour_tomorrow: "Colour tomorrow",
  blue_days_left: "Blue days left",
  white_days_left: "White days left",
  red_days_left: "Red days left",
  cost: "Cost",
  saving: "Saving",
  reason: "Reason",
  vacation_until: "Vacation until",
  failsafe: "Fail-safe",
  problem_heating: "Heating against orders",
  problem_mpc: "Optimiser",
  problem_sensors: "Thermometers",
  problem_store: "Database",
  problem_tariff: "Tariff",
  problem_weather: "Weather forecast",
  valve: "Valve",
  warmest_day: "Warmest by day",
  warmest_night: "Warmest at night",
  optimize: "Optimise now",
  automatic: "Back to automatic",
  end_vacation: "End vacation",
  room_temperature: "temperature",
  room_setpoint: "set temperature",
  room_power: "heating power",
  room_window: "window",
  room_problem: "thermometer",
} as const;

type EntityName = keyof typeof en;

const fr: Readonly<Record<EntityName, string>> = {
  heating: "Chauffage",
  temperature: "Température",
  mass_temperature: "Murs",
  operative_temperature: "Air et murs ensemble",
  planned_temperature: "Température prévue",
  planned_power: "Puissance prévue",
  energy: "Énergie",
  price: "Prix",
  next_price: "Prochain prix",
  price_changes_at: "Changement de prix",
  colour_today: "Couleur du jour",
  colour_tomorrow: "Couleur de demain",
  blue_days_left: "Jours bleus restants",
  white_days_left: "Jours blancs restants",
  red_days_left: "Jours rouges restants",
  cost: "Coût",
  saving: "Économie",
  reason: "Raison",
  vacation_until: "Vacances jusqu’au",
  failsafe: "Mode de secours",
  problem_heating: "Chauffage et ordres",
  problem_mpc: "Optimiseur",
  problem_sensors: "Thermomètres",
  problem_store: "Base de données",
  problem_tariff: "Tarif",
  problem_weather: "Prévision météo",
  valve: "Vanne",
  warmest_day: "Au plus chaud le jour",
  warmest_night: "Au plus chaud la nuit",
  optimize: "Optimiser maintenant",
  automatic: "Retour en automatique",
  end_vacation: "Fin des vacances",
  room_temperature: "température",
  room_setpoint: "consigne",
  room_power: "puissance de chauffe",
  room_window: "fenêtre",
  room_problem: "thermomètre",
};

const names: Readonly<Record<Language, Readonly<Record<string, string>>>> = { en, fr };

/** @returns the id itself, in words, where no name is known */
export function entityName(id: string, language: Language): string {
  const words = id.replace(/^problem_/, "").replaceAll("_", " ");
  return names[language][id] ?? words.charAt(0).toUpperCase() + words.slice(1);
}
