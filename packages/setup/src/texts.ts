/** The questions of set-up, in each language; the page and the terminal ask the same. */
import type { AssumptionName, DeviceFault, Radiator, SetupAnswers } from "@azru/contracts";

export type SetupLanguage = "en" | "fr";

type Choices<Key extends keyof SetupAnswers> = Readonly<Record<Extract<SetupAnswers[Key], string>, string>>;

export interface SetupTexts {
  readonly title: string;
  readonly intro: string;
  readonly sections: {
    readonly home: string;
    readonly heating: string;
    readonly devices: string;
    readonly comfort: string;
    readonly contract: string;
  };
  readonly town: string;
  readonly townHint: string;
  readonly unknownTown: string;
  readonly dwelling: string;
  readonly dwellings: Choices<"dwelling">;
  readonly floor_area_m2: string;
  readonly storeys: string;
  readonly year: string;
  readonly insulation: string;
  readonly insulations: Choices<"insulation">;
  readonly glazing: string;
  readonly glazings: Choices<"glazing">;
  readonly walls: string;
  readonly wallKinds: Choices<"walls">;
  readonly heater: string;
  readonly heaters: Choices<"heater">;
  readonly heaterHints: Choices<"heater">;
  readonly heat_pump: string;
  readonly power_kw: string;
  readonly powerHint: string;
  readonly rooms: string;
  readonly roomsHint: string;
  readonly devices: DeviceTexts;
  /** The same where they are typed in one line. */
  readonly roomsInLineHint: string;
  readonly badRoom: string;
  readonly tooManyRooms: string;
  readonly thermostat: string;
  readonly thermostats: Choices<"thermostat">;
  readonly contractKind: string;
  readonly contracts: Choices<"contract">;
  /** What comes next with each. */
  readonly contractHints: Choices<"contract">;
  readonly coolest_day_c: string;
  readonly coolest_night_c: string;
  readonly warmest_day_c: string;
  readonly warmest_night_c: string;
  readonly warmestHint: string;
  readonly wake: string;
  readonly sleep: string;
  readonly sleepIsWake: string;
  readonly assumed: string;
  readonly assumedIntro: string;
  readonly assumptions: Readonly<Record<AssumptionName, string>>;
  readonly heatLoss: string;
  readonly ownValue: string;
  readonly reset: string;
  readonly save: string;
  readonly saved: string;
  readonly starting: string;
  readonly later: string;
  readonly overridden: string;
  readonly notAccepted: string;
  readonly stopped: string;
}

/** Of the radiators on pilot wires, and the thermometers. */
export interface DeviceTexts {
  readonly intro: string;
  readonly thermometerOf: string;
  readonly thermometerHint: string;
  readonly radiator: string;
  readonly add: string;
  readonly remove: string;
  readonly name: string;
  readonly room: string;
  readonly module: string;
  readonly modules: Readonly<Record<NonNullable<Radiator["closed"]> | "module", string>>;
  readonly property: string;
  readonly rated_w: string;
  readonly subscribed_kva: string;
  readonly noLimit: string;
  readonly base_load_w: string;
  readonly powerHint: string;
  readonly ask: string;
  readonly count: string;
  readonly faults: Readonly<Record<DeviceFault | "name", string>>;
}

const en: SetupTexts = {
  title: "Your home",
  intro: "A few answers, and Azru knows enough to heat your home. Each can be changed later.",
  sections: {
    home: "The home",
    heating: "Heating",
    devices: "Radiators on pilot wires",
    comfort: "Comfort",
    contract: "Electricity",
  },
  town: "Town",
  townHint: "For the weather. A small town: the nearest larger one, or coordinates such as 45.76, 4.84",
  unknownTown: "This town is not in the list: write the nearest larger one, or coordinates",
  dwelling: "House or flat",
  dwellings: { house: "House", flat: "Flat" },
  floor_area_m2: "Heated surface, m²",
  storeys: "Storeys",
  year: "Year of construction",
  insulation: "Insulation",
  insulations: {
    as_built: "As built",
    improved: "Roof or walls insulated since",
    renovated: "All insulated since, windows too",
  },
  glazing: "Windows",
  glazings: { single: "Single glazing", double: "Double glazing", recent: "Double or triple, since 2005" },
  walls: "Walls",
  wallKinds: {
    heavy: "Stone, concrete or thick brick",
    medium: "Blocks or brick, insulated inside",
    light: "Timber frame",
    unknown: "I do not know",
  },
  heater: "What heats",
  heaters: {
    convector: "Convectors",
    panel: "Radiant panels",
    oilRadiator: "Storage or oil-filled radiators",
    floorHeating: "Heated floor",
    waterRadiator: "Water radiators",
  },
  heaterHints: {
    convector: "Light, with a grille; warm air at once",
    panel: "A flat front that radiates",
    oilRadiator: "Heavy; stay warm for a long time",
    floorHeating: "Cables or pipes in the floor",
    waterRadiator: "Pipes lead to them",
  },
  heat_pump: "A heat pump heats the water",
  power_kw: "Power of all heaters together, kW",
  powerHint: "Written on each heater; leave empty if you do not know",
  rooms: "Heated rooms",
  roomsHint: "One a line, the one with the thermometer first, named as in your sensors",
  devices: {
    intro:
      "Only for radiators with a Zigbee module or relay on the pilot wire, and thermometers in Zigbee2MQTT. Others: leave it empty; a file names them (docs/valves.md).",
    thermometerOf: "Thermometer of",
    thermometerHint:
      "Its name in Zigbee2MQTT. A room with a thermometer is heated by itself; the radiators of the others follow the first room.",
    radiator: "Radiator",
    add: "Add a radiator",
    remove: "Remove",
    name: "Module’s name in Zigbee2MQTT",
    room: "Room",
    module: "On its pilot wire",
    modules: {
      module: "Pilot-wire module (six orders)",
      frost_protection: "Relay with a diode: frost protection",
      off: "Relay with a diode: off",
      eco: "Relay without a diode: eco",
    },
    property: "Its output, if it has several (state_l1)",
    rated_w: "Power on its label, W",
    subscribed_kva: "Subscribed power, kVA",
    noLimit: "Not known, no limit",
    base_load_w: "The rest of the home draws at least, W",
    powerHint:
      "The subscribed power stands on the bill; the radiators take turns to stay within it. Turn each radiator’s dial one or two degrees above the warmest.",
    ask: "Are there radiators with Zigbee modules on their pilot wires?",
    count: "How many radiators",
    faults: {
      noRoom: "Choose one of the heated rooms",
      twice: "This device is there twice",
      secondOfRoom: "This room has a thermometer already",
      noOutput: "A pilot-wire module has no output to choose",
      tooStrong: "More than the subscribed power leaves: it would never heat",
      ecoWithinLimit: "Not with a subscribed power: in eco a radiator heats too when its room is cold",
      noThermometer: "The first room needs a thermometer: the radiators follow it",
      name: "The device’s name in Zigbee2MQTT, without + and #",
    },
  },
  roomsInLineHint: "Separated by commas, the one with the thermometer first, named as in your sensors",
  badRoom: "No room can be called so, only by letters, digits, spaces and - . ' ( ):",
  tooManyRooms: "No more than 20 rooms",
  thermostat: "Thermostat until now (savings are measured against it)",
  thermostats: {
    constant: "On and off, the same temperature all day",
    night_setback: "On and off, lower at night",
    electronic: "Electronic, holds the temperature",
  },
  contractKind: "Contract",
  contracts: {
    tempo: "EDF Tempo (blue, white, red days)",
    peak: "Peak and off-peak hours",
    pushed: "Prices that change by the day (sent to Azru)",
  },
  contractHints: {
    tempo: "Nothing more to do: Azru looks up the colours and the prices.",
    peak: "Reckoned with 0.25 €/kWh from 06:00 to 22:00 and 0.15 € at night. For your own hours and prices set AZRU_TARIFF, such as hphc:0.27/0.21:22:00-06:00.",
    pushed:
      "Next step: have the prices sent, by Home Assistant (tariff: sensor.nordpool in config/home-assistant.yaml), by MQTT (home/control/tariff) or by a program (PUT /tariff). Until they come, Azru reckons with 0.25 €/kWh from 06:00 to 22:00 and 0.15 € at night.",
  },
  coolest_day_c: "Coolest by day, °C",
  coolest_night_c: "Coolest at night, °C",
  warmest_day_c: "Warmest by day, °C",
  warmest_night_c: "Warmest at night, °C",
  warmestHint: "Before dear hours the rooms are heated up to the warmest and no further",
  wake: "You get up at",
  sleep: "You go to bed at",
  sleepIsWake: "Another time than you get up at",
  assumed: "What is assumed",
  assumedIntro:
    "It follows from your answers. If you know better, change it; with time Azru learns it from your home.",
  assumptions: {
    room_height_m: "Height of the rooms",
    opaque_area_m2: "Walls, roof and floor to the outside",
    opaque_u: "Their heat loss",
    windows_area_m2: "Windows",
    windows_u: "Heat loss of the windows",
    south_share: "Share of the windows that looks south",
    air_changes: "Air changes",
    heat_capacity_kj_m2k: "Heat that the walls store",
    internal_gains_w: "Heat of people and appliances",
    max_power_kw: "Most heat",
  },
  heatLoss: "At 0 °C outside the home needs about",
  ownValue: "changed by you",
  reset: "as assumed",
  save: "Heat my home so",
  saved: "Saved. Azru starts again with your home…",
  starting: "Starting…",
  later: "Later",
  overridden: "These settings hold instead of the answers, as they are set in the environment:",
  notAccepted: "Not saved:",
  stopped: "stopped: nothing was written",
};

const fr: SetupTexts = {
  title: "Votre logement",
  intro: "Quelques réponses, et Azru en sait assez pour chauffer chez vous. Tout peut être changé plus tard.",
  sections: {
    home: "Le logement",
    heating: "Le chauffage",
    devices: "Les radiateurs sur fil pilote",
    comfort: "Le confort",
    contract: "L’électricité",
  },
  town: "Ville",
  townHint:
    "Pour la météo. Une petite commune\u202f: la ville la plus proche, ou des coordonnées comme 45.76, 4.84",
  unknownTown: "Cette ville n’est pas dans la liste\u202f: écrivez la plus proche, ou des coordonnées",
  dwelling: "Maison ou appartement",
  dwellings: { house: "Maison", flat: "Appartement" },
  floor_area_m2: "Surface chauffée, m²",
  storeys: "Niveaux",
  year: "Année de construction",
  insulation: "Isolation",
  insulations: {
    as_built: "Comme à la construction",
    improved: "Toit ou murs isolés depuis",
    renovated: "Tout isolé depuis, fenêtres aussi",
  },
  glazing: "Fenêtres",
  glazings: { single: "Simple vitrage", double: "Double vitrage", recent: "Double ou triple, depuis 2005" },
  walls: "Murs",
  wallKinds: {
    heavy: "Pierre, béton ou brique épaisse",
    medium: "Parpaing ou brique, isolés à l’intérieur",
    light: "Ossature bois",
    unknown: "Je ne sais pas",
  },
  heater: "Ce qui chauffe",
  heaters: {
    convector: "Convecteurs",
    panel: "Panneaux rayonnants",
    oilRadiator: "Radiateurs à inertie ou à bain d’huile",
    floorHeating: "Plancher chauffant",
    waterRadiator: "Radiateurs à eau",
  },
  heaterHints: {
    convector: "Légers, avec une grille\u202f; l’air chauffe aussitôt",
    panel: "Une façade plate qui rayonne",
    oilRadiator: "Lourds\u202f; restent chauds longtemps",
    floorHeating: "Câbles ou tuyaux dans le sol",
    waterRadiator: "Des tuyaux y mènent",
  },
  heat_pump: "Une pompe à chaleur chauffe l’eau",
  power_kw: "Puissance de tout le chauffage, kW",
  powerHint: "Écrite sur chaque appareil\u202f; laissez vide si vous ne savez pas",
  rooms: "Pièces chauffées",
  roomsHint: "Une par ligne, celle du thermomètre d’abord, nommées comme vos capteurs",
  devices: {
    intro:
      "Seulement pour des radiateurs avec un module ou un relais Zigbee sur le fil pilote, et des thermomètres dans Zigbee2MQTT. Sinon, laissez vide\u202f; un fichier nomme les appareils (docs/fr/vannes.md).",
    thermometerOf: "Thermomètre de",
    thermometerHint:
      "Son nom dans Zigbee2MQTT. Une pièce avec thermomètre est chauffée pour elle-même\u202f; les radiateurs des autres suivent la première pièce.",
    radiator: "Radiateur",
    add: "Ajouter un radiateur",
    remove: "Retirer",
    name: "Nom du module dans Zigbee2MQTT",
    room: "Pièce",
    module: "Sur son fil pilote",
    modules: {
      module: "Module fil pilote (six ordres)",
      frost_protection: "Relais avec diode\u202f: hors gel",
      off: "Relais avec diode\u202f: arrêt",
      eco: "Relais sans diode\u202f: éco",
    },
    property: "Sa sortie, s’il en a plusieurs (state_l1)",
    rated_w: "Puissance sur son étiquette, W",
    subscribed_kva: "Puissance souscrite, kVA",
    noLimit: "Pas connue, pas de limite",
    base_load_w: "Le reste du logement prend au moins, W",
    powerHint:
      "La puissance souscrite est sur la facture\u202f; les radiateurs se relaient pour ne pas la dépasser. Montez la molette de chaque radiateur un ou deux degrés au-dessus du plus chaud.",
    ask: "Y a-t-il des radiateurs avec un module Zigbee sur leur fil pilote\u202f?",
    count: "Combien de radiateurs",
    faults: {
      noRoom: "Choisissez une des pièces chauffées",
      twice: "Cet appareil y est deux fois",
      secondOfRoom: "Cette pièce a déjà un thermomètre",
      noOutput: "Un module fil pilote n’a pas de sortie à choisir",
      tooStrong: "Plus que ce que laisse la puissance souscrite\u202f: il ne chaufferait jamais",
      ecoWithinLimit:
        "Pas avec une puissance souscrite\u202f: en éco, un radiateur chauffe aussi quand la pièce est froide",
      noThermometer: "La première pièce a besoin d’un thermomètre\u202f: les radiateurs le suivent",
      name: "Le nom de l’appareil dans Zigbee2MQTT, sans + ni #",
    },
  },
  roomsInLineHint: "Séparées par des virgules, celle du thermomètre d’abord, nommées comme vos capteurs",
  badRoom: "Ce nom de pièce ne va pas, seulement des lettres, chiffres, espaces et - . ' ( )\u202f:",
  tooManyRooms: "Pas plus de 20 pièces",
  thermostat: "Thermostat jusqu’ici (l’économie se mesure par rapport à lui)",
  thermostats: {
    constant: "Tout ou rien, la même température jour et nuit",
    night_setback: "Tout ou rien, moins chaud la nuit",
    electronic: "Électronique, maintient la température",
  },
  contractKind: "Contrat",
  contracts: {
    tempo: "EDF Tempo (jours bleus, blancs, rouges)",
    peak: "Heures pleines et creuses",
    pushed: "Prix qui changent chaque jour (envoyés à Azru)",
  },
  contractHints: {
    tempo: "Rien d’autre à faire\u202f: Azru s’informe des couleurs et des prix.",
    peak: "Compté à 0,25 €/kWh de 6 h à 22 h et à 0,15 € la nuit. Pour vos heures et vos prix, réglez AZRU_TARIFF, par exemple hphc:0.27/0.21:22:00-06:00.",
    pushed:
      "Étape suivante\u202f: faire envoyer les prix, par Home Assistant (tariff: sensor.nordpool dans config/home-assistant.yaml), par MQTT (home/control/tariff) ou par un programme (PUT /tariff). En attendant, Azru compte 0,25 €/kWh de 6 h à 22 h et 0,15 € la nuit.",
  },
  coolest_day_c: "Au plus frais le jour, °C",
  coolest_night_c: "Au plus frais la nuit, °C",
  warmest_day_c: "Au plus chaud le jour, °C",
  warmest_night_c: "Au plus chaud la nuit, °C",
  warmestHint: "Avant les heures chères, les pièces sont chauffées jusqu’au plus chaud, et pas au-delà",
  wake: "Lever à",
  sleep: "Coucher à",
  sleepIsWake: "Une autre heure que celle du lever",
  assumed: "Ce qui est supposé",
  assumedIntro:
    "Cela découle de vos réponses. Si vous savez mieux, changez-le\u202f; avec le temps, Azru l’apprend de votre logement.",
  assumptions: {
    room_height_m: "Hauteur des pièces",
    opaque_area_m2: "Murs, toit et sol vers l’extérieur",
    opaque_u: "Leur déperdition",
    windows_area_m2: "Fenêtres",
    windows_u: "Déperdition des fenêtres",
    south_share: "Part des fenêtres au sud",
    air_changes: "Renouvellement d’air",
    heat_capacity_kj_m2k: "Chaleur que les murs gardent",
    internal_gains_w: "Chaleur des habitants et appareils",
    max_power_kw: "Chaleur maximale",
  },
  heatLoss: "Par 0 °C dehors, le logement a besoin d’environ",
  ownValue: "changé par vous",
  reset: "comme supposé",
  save: "Chauffer ainsi",
  saved: "Enregistré. Azru redémarre avec votre logement…",
  starting: "Démarrage…",
  later: "Plus tard",
  overridden: "Ces réglages l’emportent sur les réponses, car ils sont fixés dans l’environnement\u202f:",
  notAccepted: "Pas enregistré\u202f:",
  stopped: "arrêté\u202f: rien n’a été écrit",
};

export const setupTexts: Readonly<Record<SetupLanguage, SetupTexts>> = { en, fr };
