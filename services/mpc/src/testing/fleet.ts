/** Many homes in one process: each has its site, its connection and its twin, asks for plans and follows them. */
import { isoTimeOf, type MpcPlan, type MpcRequest, topicNameOf, topics } from "@azru/contracts";
import { stateSpaceOf } from "@azru/house";
import { affineStep, createZone, emissionSystems, nextMassTemperature_c, prototypeHome } from "@azru/physics";
import mqtt, { type MqttClient } from "mqtt";

const step_s = 900;
const model = affineStep(createZone(prototypeHome), emissionSystems.floorHeating, step_s);
const startMs = Date.UTC(2026, 0, 11);
const tolerance_k = 1e-6;

interface FleetOptions {
  readonly url: string;
  readonly homes: number;
  /** Steps of a plan; 96, a day, by default. */
  readonly steps?: number;
  /** A home that has no plan by then asks again. */
  readonly retry_ms: number;
  /** Wall time that a worker has for a request. */
  readonly deadline_ms: number;
}

/** One step of one home, from its first question to its plan. */
export interface Tick {
  readonly latency_ms: number;
  /** How often it asked. */
  readonly asked: number;
  readonly worker: string;
}

interface FleetCounts {
  /** Questions, those asked again included. */
  readonly asked: number;
  /** Answers without a plan: the queue was full, or the deadline over. */
  readonly failed: number;
  /** Answers that nobody waited for any more. */
  readonly late: number;
  readonly requestBytes: number;
  readonly planBytes: number;
}

interface Fleet {
  readonly sites: readonly string[];
  readonly counts: FleetCounts;
  /** A home asks for a plan, as often as it takes, and follows it for a step. */
  tick(home: number): Promise<Tick>;
  close(): Promise<void>;
}

/** Connects the homes. */
export async function createFleet({
  url,
  homes,
  steps = 96,
  retry_ms,
  deadline_ms,
}: FleetOptions): Promise<Fleet> {
  const sites = Array.from({ length: homes }, (_, i) => `site-${i}`);
  const counts = { asked: 0, failed: 0, late: 0, requestBytes: 0, planBytes: 0 };
  const all: ReturnType<typeof createHome>[] = [];
  for (const [i, site] of sites.entries()) {
    const client = await mqtt.connectAsync(url, { protocolVersion: 5, clientId: site, keepalive: 120 });
    all.push(createHome(i, site, client));
  }
  await Promise.all(all.map((home) => home.listen()));

  function createHome(i: number, site: string, client: MqttClient) {
    const question = topicNameOf(topics.mpcRequest, site, {});
    const answer = topicNameOf(topics.mpcPlan, site, {});
    let theta_m_c = 18 + (i % 50) / 10;
    let ticks = 0;
    let waiting: ((plan: MpcPlan & { status: "optimal" }) => void) | undefined;

    client.on("message", (name, bytes) => {
      if (name !== answer) throw new Error(`${site} receives ${name}`);
      const plan: MpcPlan = JSON.parse(bytes.toString());
      counts.planBytes += bytes.length;
      if (plan.status === "failed") counts.failed++;
      else if (waiting && plan.id.startsWith(`${ticks}.`)) waiting(plan);
      else counts.late++;
    });

    function ask(attempt: number): void {
      const now = Date.now();
      const request: MpcRequest = {
        id: `${ticks}.${attempt}`,
        issued_at: isoTimeOf(now),
        deadline: isoTimeOf(now + deadline_ms),
        start: isoTimeOf(startMs + ticks * step_s * 1000),
        problem: problemOf(i, ticks, steps, theta_m_c),
      };
      const text = JSON.stringify(request);
      counts.asked++;
      counts.requestBytes += text.length;
      client.publish(question, text, { qos: 1 });
    }

    return {
      listen: () => client.subscribeAsync(answer, { qos: 1 }),
      close: () => client.endAsync(true),
      async tick(): Promise<Tick> {
        if (waiting) throw new Error(`${site} waits for a plan already`);
        const askedAt = performance.now();
        let asked = 0;
        const again = () => ask(asked++);
        const retry = setInterval(again, retry_ms);
        const plan = await new Promise<MpcPlan & { status: "optimal" }>((resolve) => {
          waiting = resolve;
          again();
        });
        clearInterval(retry);
        waiting = undefined;
        const { theta_e_c, phi_sol_w, phi_int_w } = inputsOf(i, ticks);
        const power_w = plan.heating_power[0];
        theta_m_c = nextMassTemperature_c(model, theta_m_c, power_w, theta_e_c, phi_sol_w, phi_int_w);
        const expected_c = plan.mass_temperature[0];
        if (Math.abs(expected_c - theta_m_c) > tolerance_k) {
          throw new Error(`${site} got a plan that is not its own: ${expected_c} C, not ${theta_m_c} C`);
        }
        ticks++;
        return { latency_ms: performance.now() - askedAt, asked, worker: plan.worker };
      },
    };
  }

  return {
    sites,
    counts,
    tick: (home) => all[home].tick(),
    async close() {
      await Promise.all(all.map((home) => home.close()));
    },
  };
}

/** What a home meets at a step; no two of the first hundred homes have the same weather. */
function inputsOf(home: number, step: number) {
  const hour = (step / 4) % 24;
  return {
    hour,
    theta_e_c: 4 * Math.sin((hour - 9) / 3.8) - (home % 100) / 10,
    phi_sol_w: Math.max(0, 900 * Math.sin(((hour - 8) / 9) * Math.PI)),
    phi_int_w: 100,
  };
}

function problemOf(home: number, from: number, steps: number, theta_m_c: number): MpcRequest["problem"] {
  const ahead = Array.from({ length: steps }, (_, k) => inputsOf(home, from + k));
  return {
    model: stateSpaceOf(model),
    x_c: [theta_m_c],
    maxPower_w: 4500,
    cop: ahead.map(({ hour }) => 3 + 0.02 * hour),
    theta_e_c: ahead.map((input) => input.theta_e_c),
    phi_sol_w: ahead.map((input) => input.phi_sol_w),
    phi_int_w: ahead.map((input) => input.phi_int_w),
    price_eur_kwh: ahead.map(({ hour }) => (hour >= 6 && hour < 22 ? 0.706 : 0.1575)),
    comfort: { min_c: 19, max_c: 28 },
    weights: { below_eur_kh: 1.5, above_eur_kh: 10 },
    terminal: { breakpoints_c: [19], slopes_eur_k: [0.6, 0.4] },
  };
}
