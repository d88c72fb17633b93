/** Homes that are known exactly, simulated in invented weather: what tests compare identification with. */
import {
  affineStep,
  airTemperature_c,
  createZone,
  type EmissionSystemName,
  emissionSystems,
  nextMassTemperature_c,
  prototypeHome,
  prototypeWindows,
} from "@azru/physics";
import { randomLcg, randomNormal } from "d3-random";
import type { History } from "../history.ts";
import type { CalibratableBuilding } from "../house.ts";

export interface TwinOptions {
  readonly building?: CalibratableBuilding;
  readonly days?: number; // 28
  readonly seed?: number; // 1
  readonly noise_k?: number; // 0.1
  readonly dtSeconds?: number; // 900
  /** Gains beyond the building's constant ones; none. */
  readonly gains_w?: (hour: number, noise: number) => number;
  /** Whether the heating saves at night: 17 instead of 20 degrees C. */
  readonly saves?: boolean;
}

/** A history as it was measured, and what nobody measures. */
export interface Lived {
  readonly history: History;
  readonly theta_air_c: Float64Array; // without the sensor's noise
  readonly theta_m_c: Float64Array; // at the end of each step
}

export function home(emission: EmissionSystemName = "floorHeating", internalGains_w = 150) {
  return {
    zone: prototypeHome,
    windows: prototypeWindows,
    internalGains_w,
    heating: { emission, maxPower_w: 4500 },
  } satisfies CalibratableBuilding;
}

/** Standard normal numbers, the same ones for the same seed. */
export function normals(seed: number): () => number {
  return randomNormal.source(randomLcg((seed * 0.618_033_988_7) % 1))();
}

export function liveTwin(options: TwinOptions = {}): Lived {
  const { building = home(), days = 28, seed = 1, noise_k = 0.1, dtSeconds = 900, saves = true } = options;
  const gains_w = options.gains_w ?? (() => 0);
  const step = affineStep(createZone(building.zone), emissionSystems[building.heating.emission], dtSeconds);
  const perDay = 86_400 / dtSeconds;
  const steps = Math.round(days * perDay);
  const column = () => new Float64Array(steps);
  const [theta_e_c, phi_sol_w, valve, theta_air_c, theta_m_c] = [
    column(),
    column(),
    column(),
    column(),
    column(),
  ];
  const noise = normals(seed);
  let [mass, air, swing, clear, isOn] = [19, 19, 0, 0.5, false];
  for (let k = 0; k < steps; k++) {
    const hour = (k / perDay) * 24;
    if (k % perDay === 0) {
      swing = 0.8 * swing + 2.4 * noise();
      clear = 1 / (1 + Math.exp(-1.5 * noise()));
    }
    const dayHour = hour % 24;
    const forces = {
      theta_e_c: 4 + swing + (2 + 3 * clear) * Math.sin(((dayHour - 9) / 12) * Math.PI),
      phi_sol_w: 3000 * clear * Math.max(0, Math.sin(((dayHour - 8) / 9) * Math.PI)),
      phi_int_w: building.internalGains_w + gains_w(dayHour, noise()),
    };
    const wanted = saves && (dayHour < 6 || dayHour >= 22) ? 17 : 20;
    isOn = air < wanted - 0.5 || (isOn && air < wanted + 0.5);
    valve[k] = isOn ? 1 : 0;
    const heat = isOn ? building.heating.maxPower_w : 0;
    const { theta_e_c: outdoor, phi_sol_w: sun, phi_int_w: inside } = forces;
    air = airTemperature_c(step, mass, heat, outdoor, sun, inside);
    mass = nextMassTemperature_c(step, mass, heat, outdoor, sun, inside);
    theta_e_c[k] = outdoor;
    phi_sol_w[k] = sun;
    theta_air_c[k] = air;
    theta_m_c[k] = mass;
  }
  const measured = theta_air_c.map((theta) => theta + noise_k * noise());
  return {
    history: {
      startMs: Date.UTC(2026, 0, 11),
      dtSeconds,
      theta_air_c: measured,
      valve,
      theta_e_c,
      phi_sol_w,
      solarGains: "windows",
    },
    theta_air_c,
    theta_m_c,
  };
}

/** The house whose history a file's windows would show, had they this aperture. */
export function seenThrough(history: History, aperture: number): History {
  return { ...history, phi_sol_w: history.phi_sol_w.map((sun) => sun * aperture) };
}
