/** The reason as one sentence. */
import { dayOf, type Format, type Language } from "./format.ts";
import { timeToCome as when } from "./phrases.ts";
import type { Dearer, Next, Peak, Why } from "./why.ts";

type Say = (why: Why, format: Format, nowMs: number) => string;

/** What the home is doing and why, in one plain sentence. */
export const sentences: Readonly<Record<Language, Say>> = {
  en(why, f, nowMs) {
    const at = (timeMs: number) => when(timeMs, nowMs, f, "tomorrow at ", "at ");
    switch (why.kind) {
      case "waiting":
        return why.hasTemperature
          ? "Making the first decision."
          : "Waiting for the first temperature from a sensor.";
      case "manual":
        return `Set by hand: ${f.actuator} stays at ${f.percent(why.valve_percent)}; automatic mode returns ${at(why.untilMs)}.`;
      case "off":
        return "Switched off: only frost protection heats.";
      case "failsafe":
        return `Fail-safe: the optimiser does not decide; ${f.actuator} is at ${f.percent(why.valve_percent)}.`;
      case "thermostat":
        return `${why.isHeating ? "Heating now" : "Not heating"}: the thermostat decides${why.untilLearnt ? ", with the Tempo rule, until Azru has learnt this home" : ""}.`;
      case "storing":
        return why.saving_eur === null
          ? `Heating now: ${dearerText.en(why.before, f, nowMs)}; ${f.energy(why.heat_kwh)} of heat until then takes the walls from ${f.number(why.from_c, 1)} to ${f.temperature(why.to_c)}.`
          : `Heating now: ${dearerText.en(why.before, f, nowMs)}; storing ${f.energy(why.stored_kwh)} in the walls should save ${f.money(why.saving_eur)} over the next ${why.horizon_h} hours.`;
      case "holding":
        return `Heating now: just enough to keep the room at ${f.temperature(why.min_c)}.`;
      case "warming":
        return `Heating now: the room is to be at ${f.temperature(why.setpoint_c)} ${why.isReturn ? "for the return " : ""}${at(why.atMs)}.`;
      case "cheapest":
        return `Heating now: electricity costs ${f.price(why.price_eur_kwh)}, the lowest price of the plan.`;
      case "heating":
        return why.expected_c === null
          ? "Heating now, as the optimiser decided."
          : `Heating now: the plan wants ${f.temperature(why.expected_c)} in the room.`;
      case "saving":
        return `Not heating: electricity costs ${f.price(why.price_eur_kwh)} now and ${f.price(why.later_eur_kwh)} ${at(why.untilMs)}, when heating starts; until then the walls keep at least ${f.temperature(why.lowest_c)}.`;
      case "resting":
        return `Not heating: the stored heat keeps at least ${f.temperature(why.lowest_c)} until heating starts ${at(why.untilMs)}.`;
      case "warm":
        return `Not heating: without any, the plan expects at least ${f.temperature(why.lowest_c)}.`;
      case "idle":
        return "Not heating, as the optimiser decided.";
    }
  },
  fr(why, f, nowMs) {
    const at = (timeMs: number) => when(timeMs, nowMs, f, "demain à ", "à ");
    switch (why.kind) {
      case "waiting":
        return why.hasTemperature
          ? "Première décision en cours."
          : "En attente de la première température d’un capteur.";
      case "manual":
        return `Réglage manuel\u202f: ${f.actuator} reste à ${f.percent(why.valve_percent)}\u202f; le mode automatique revient ${at(why.untilMs)}.`;
      case "off":
        return "Éteint\u202f: seule la protection contre le gel chauffe.";
      case "failsafe":
        return `Mode de secours\u202f: l’optimiseur ne décide pas\u202f; ${f.actuator} est à ${f.percent(why.valve_percent)}.`;
      case "thermostat":
        return `Le chauffage est ${why.isHeating ? "en marche" : "arrêté"}\u202f: le thermostat décide${why.untilLearnt ? ", avec la règle Tempo, tant qu’Azru n’a pas appris ce logement" : ""}.`;
      case "storing":
        return why.saving_eur === null
          ? `Le chauffage est en marche\u202f: ${dearerText.fr(why.before, f, nowMs)}\u202f; ${f.energy(why.heat_kwh)} de chaleur d’ici là amènent les murs de ${f.number(why.from_c, 1)} à ${f.temperature(why.to_c)}.`
          : `Le chauffage est en marche\u202f: ${dearerText.fr(why.before, f, nowMs)}\u202f; stocker ${f.energy(why.stored_kwh)} dans les murs devrait économiser ${f.money(why.saving_eur)} sur les ${why.horizon_h} prochaines heures.`;
      case "holding":
        return `Le chauffage est en marche\u202f: juste assez pour garder ${f.temperature(why.min_c)} dans la pièce.`;
      case "warming":
        return `Le chauffage est en marche\u202f: il doit faire ${f.temperature(why.setpoint_c)} ${why.isReturn ? "pour le retour, " : ""}${at(why.atMs)}.`;
      case "cheapest":
        return `Le chauffage est en marche\u202f: l’électricité coûte ${f.price(why.price_eur_kwh)}, le prix le plus bas du plan.`;
      case "heating":
        return why.expected_c === null
          ? "Le chauffage est en marche, comme l’optimiseur l’a décidé."
          : `Le chauffage est en marche\u202f: le plan prévoit ${f.temperature(why.expected_c)} dans la pièce.`;
      case "saving":
        return `Le chauffage est arrêté\u202f: l’électricité coûte ${f.price(why.price_eur_kwh)} maintenant et ${f.price(why.later_eur_kwh)} ${at(why.untilMs)}, quand il reprendra\u202f; d’ici là, les murs gardent au moins ${f.temperature(why.lowest_c)}.`;
      case "resting":
        return `Le chauffage est arrêté\u202f: la chaleur stockée garde au moins ${f.temperature(why.lowest_c)} jusqu’à sa reprise ${at(why.untilMs)}.`;
      case "warm":
        return `Le chauffage est arrêté\u202f: sans lui, le plan prévoit au moins ${f.temperature(why.lowest_c)}.`;
      case "idle":
        return "Le chauffage est arrêté, comme l’optimiseur l’a décidé.";
    }
  },
};

type SayDearer = (dearer: Dearer, format: Format, nowMs: number) => string;

const dearerText: Readonly<Record<Language, SayDearer>> = {
  en(dearer, f, nowMs) {
    const { atMs, price_eur_kwh, colour } = dearer;
    const price = f.price(price_eur_kwh);
    if (!isDearDay(dearer))
      return `the price rises to ${price} ${when(atMs, nowMs, f, "tomorrow at ", "at ")}`;
    return dayOf(atMs) === dayOf(nowMs)
      ? `a ${colour} day begins at ${f.clock(atMs)} (${price})`
      : `tomorrow is ${colour} (${price} from ${f.clock(atMs)})`;
  },
  fr(dearer, f, nowMs) {
    const { atMs, price_eur_kwh, colour } = dearer;
    const price = f.price(price_eur_kwh);
    if (!isDearDay(dearer)) return `le prix monte à ${price} ${when(atMs, nowMs, f, "demain à ", "à ")}`;
    const day = colour === "red" ? "rouge" : "blanc";
    return dayOf(atMs) === dayOf(nowMs)
      ? `un jour ${day} commence à ${f.clock(atMs)} (${price})`
      : `demain est ${day} (${price} dès ${f.clock(atMs)})`;
  },
};

/** Tempo days begin in the morning: before midnight theirs is tomorrow's colour, after it today's. */
function isDearDay({ isTomorrow, colour }: Dearer): boolean {
  return isTomorrow && (colour === "red" || colour === "white");
}

type SayNext = (next: Next, format: Format, nowMs: number) => string;

/** What the plan does next, in one plain sentence. */
export const nextSentences: Readonly<Record<Language, SayNext>> = {
  en(next, f, nowMs) {
    const at = (timeMs: number) => when(timeMs, nowMs, f, "tomorrow at ");
    const reason = next.before === undefined ? "" : `, ${purpose.en(next.before)}`;
    if (next.fromMs !== undefined) {
      const until = next.toMs === undefined ? "on" : `to ${at(next.toMs)}`;
      return `Next: from ${at(next.fromMs)} ${until} it heats${reason}.`;
    }
    if (next.toMs === undefined) return "Next: it heats as long as the plan reaches.";
    const again = next.againMs === undefined ? "" : `, and again from ${at(next.againMs)}`;
    return `Next: it heats until ${at(next.toMs)}${reason}${again}.`;
  },
  fr(next, f, nowMs) {
    const at = (timeMs: number) => when(timeMs, nowMs, f, "demain ");
    const reason = next.before === undefined ? "" : `, ${purpose.fr(next.before)}`;
    if (next.fromMs !== undefined) {
      const until = next.toMs === undefined ? "" : ` à ${at(next.toMs)}`;
      const from = next.toMs === undefined ? "à partir de" : "de";
      return `Ensuite\u202f: ${from} ${at(next.fromMs)}${until}, il chauffe${reason}.`;
    }
    if (next.toMs === undefined) return "Ensuite\u202f: il chauffe aussi loin que va le plan.";
    const again = next.againMs === undefined ? "" : `, puis de nouveau dès ${at(next.againMs)}`;
    return `Ensuite\u202f: il chauffe jusqu’à ${at(next.toMs)}${reason}${again}.`;
  },
};

const purpose: Readonly<Record<Language, (dearer: Dearer) => string>> = {
  en: (dearer) => (isDearDay(dearer) ? `for the ${dearer.colour} day` : "before the price rises"),
  fr: (dearer) =>
    isDearDay(dearer)
      ? `pour le jour ${dearer.colour === "red" ? "rouge" : "blanc"}`
      : "avant que le prix monte",
};

type SayPeak = (peak: Peak, format: Format, nowMs: number) => string;

/** How warm it gets before a dearer time, when, and what a lower ceiling would cost. */
export const peakSentences: Readonly<Record<Language, SayPeak>> = {
  en({ atMs, theta_c, lower }, f, nowMs) {
    const cost = isWorthSaying(lower)
      ? `; a ceiling ${f.number(lower.by_k, 0)}\u00a0°C lower would cost ${f.money(lower.cost_eur)} more over ${lower.horizon_h} hours`
      : "";
    return `It gets up to ${f.temperature(theta_c)}, ${when(atMs, nowMs, f, "tomorrow at ", "at ")}${cost}.`;
  },
  fr({ atMs, theta_c, lower }, f, nowMs) {
    const cost = isWorthSaying(lower)
      ? `\u202f; un plafond plus bas de ${f.number(lower.by_k, 0)}\u00a0°C coûterait ${f.money(lower.cost_eur)} de plus sur ${lower.horizon_h} heures`
      : "";
    return `Il fera jusqu’à ${f.temperature(theta_c)}, ${when(atMs, nowMs, f, "demain à ", "à ")}${cost}.`;
  },
};

function isWorthSaying(lower: Peak["lower"]): lower is NonNullable<Peak["lower"]> {
  return lower !== undefined && lower.cost_eur >= worthSaying_eur;
}

/** Amounts below this are not spoken of, EUR. */
const worthSaying_eur = 0.01;
