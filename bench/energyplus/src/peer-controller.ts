/** A controller of somebody else's, in a Python process of its own: see `peers/peer.py` for the lines it speaks. */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { RunError, say } from "@azru/command-line";
import { createZone, emissionSystems } from "@azru/physics";
import { type Building, disturbances } from "@azru/simulation";
import type { HomeController, HomeHistory, HomeObservation, HomeSetting, Usage } from "./home-controller.ts";
import { peersEnvironment, pythonOf } from "./python.ts";
import type { HomeForecast } from "./season.ts";

export const peerNames = ["emhass", "gekko"] as const;
export type PeerName = (typeof peerNames)[number];

const peersFolder = resolve(import.meta.dirname, "../peers");

interface PeerAnswer {
  readonly valve: number;
  readonly cpu_ms: number | null;
  readonly memory_mb: number;
  readonly is_planned: boolean;
}

/**
 * A controller of `peers/`. It plans with the building file's zone, or with what it fits to the history itself.
 *
 * @param horizon_h how far it plans
 */
export function peerController(
  name: PeerName,
  { building, dtSeconds }: HomeSetting,
  horizon_h: number,
): HomeController {
  const horizonSteps = Math.round((horizon_h * 3600) / dtSeconds);
  let peer: LineProcess | undefined;
  const usage = { decision_ms: 0, memory_mb: 0, unplanned: 0 };
  const start = async (history: HomeHistory | undefined) => {
    const started = new LineProcess(name);
    const { parameters } = await started.ask<{ parameters: Record<string, number> }>({
      ...settingOf(building, dtSeconds, horizonSteps),
      history: history ? recorded(history, building) : null,
    });
    if (Object.keys(parameters).length > 0)
      say(
        `${name} in ${building.name}: ${Object.entries(parameters)
          .map(([field, value]) => `${field} ${value.toPrecision(4)}`)
          .join(", ")}`,
      );
    return started;
  };
  return {
    name,
    horizonSteps,
    async learn(history) {
      peer = await start(history);
    },
    async decide(observation, forecast) {
      peer ??= await start(undefined);
      const answer = await peer.ask<PeerAnswer>(lineOf(observation, forecast));
      usage.decision_ms = answer.cpu_ms ?? Number.NaN;
      usage.memory_mb = answer.memory_mb;
      if (!answer.is_planned) usage.unplanned++;
      return answer.valve;
    },
    usage: (): Usage => usage,
    close: () => peer?.end(),
  };
}

function lineOf({ theta_air_c, theta_e_c, power_w }: HomeObservation, forecast: HomeForecast) {
  return {
    ...{ air_c: theta_air_c, outdoor_c: theta_e_c, power_w },
    outdoor_ahead_c: [...forecast.theta_e_c],
    sun_ahead_w: [...forecast.phi_sol_w],
    price_eur_kwh: [...forecast.price_eur_kwh],
  };
}

function recorded({ theta_air_c, theta_e_c, power_w, weather }: HomeHistory, building: Building) {
  return {
    air_c: [...theta_air_c],
    outdoor_c: [...theta_e_c],
    power_w: [...power_w],
    sun_w: [...disturbances(building, weather).phi_sol_w],
  };
}

/** What a controller may know of the home before it begins; conductances of the 5R1C zone in W/K. */
function settingOf(building: Building, dtSeconds: number, horizonSteps: number) {
  const { A_m, A_t, C_m, H_tr_em, H_tr_w, H_ve_adj, H_tr_ms, H_tr_is } = createZone(building.zone);
  const emission = emissionSystems[building.heating.emission];
  const gains_mass = A_m / A_t; // ISO 13790 C.2
  return {
    dt_s: dtSeconds,
    horizon_steps: horizonSteps,
    max_power_w: building.heating.maxPower_w,
    min_c: building.comfort.min_c,
    max_c: building.comfort.max_c,
    zone: {
      ...{ C_m, H_em: H_tr_em, H_w: H_tr_w, H_ve: H_ve_adj, H_ms: H_tr_ms, H_is: H_tr_is },
      ...{ gains_mass, gains_surface: 1 - gains_mass - (H_tr_w * A_m) / (H_tr_ms * A_t) }, // C.3
      share_air: emission.air,
      share_surface: emission.surface,
      share_mass: emission.mass,
      internal_w: building.internalGains_w,
    },
  };
}

/** A process that answers each line with one. */
class LineProcess {
  private readonly process: ChildProcessWithoutNullStreams;
  private readonly lines: AsyncIterator<string>;
  private readonly complaints: string[] = [];
  private readonly name: PeerName;

  constructor(name: PeerName) {
    this.name = name;
    const python = pythonOf(peersEnvironment);
    const env = { ...process.env, OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1" };
    this.process = spawn(python, ["-B", join(peersFolder, `${name}_peer.py`)], { env });
    this.process.stderr.setEncoding("utf8").on("data", (text: string) => {
      this.complaints.push(text);
      if (this.complaints.length > 100) this.complaints.shift();
    });
    this.process.stdin.on("error", () => undefined); // it has ended; what it wrote says why
    this.process.on("error", (error) => this.complaints.push(error.message));
    this.lines = createInterface({ input: this.process.stdout })[Symbol.asyncIterator]();
  }

  /** @throws RunError with what the process wrote on standard error, when it ends instead */
  async ask<Answer>(line: unknown): Promise<Answer> {
    this.process.stdin.write(`${JSON.stringify(line)}\n`);
    const { value, done } = await this.lines.next();
    if (done) throw new RunError(`${this.name} ended early: ${this.complaints.join("").trim().slice(-3000)}`);
    return JSON.parse(value) as Answer;
  }

  end(): void {
    this.process.stdin.end();
  }
}
