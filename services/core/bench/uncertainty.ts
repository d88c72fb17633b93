import { createCommand, optionsOrExit, wholeNumber } from "@azru/command-line";
import { brokers } from "@azru/messaging/testing";
import { kpis, netCost_eur, perfectForesight, type RunPlan, simulate } from "@azru/simulation";
import { stepPrices } from "@azru/tariff";
import { referenceYearSource, stepMeans } from "@azru/weather";
import { tariffLoader } from "../src/outlook/tariff-loader.ts";
import { createTariffOutlook } from "../src/outlook/tariff-outlook.ts";
import { below_kh, erringForecast, liveNoisily } from "../src/testing/noisy-home.ts";
import { building, startTestHome, stepMs } from "../src/testing/test-home.ts";

const { days } = optionsOrExit<{ days: number }>(
  createCommand(
    "bench:uncertainty",
    "Runs the live core and optimiser through winter days under forecasts and sensors that err, with and without its margin.",
  ).option("--days <count>", "how many days, from 11 January", wholeNumber(1, 365), 28),
);
const startMs = Date.UTC(2026, 0, 11);
const steps = 96 * days;
const dtSeconds = stepMs / 1000;
const endMs = startMs + steps * stepMs;
const { min_c } = building.comfort;
const { maxPower_w } = building.heating;

const broker = brokers.find(({ available }) => available)!;
const home = await startTestHome(broker);
const truth = referenceYearSource();
const tariff = createTariffOutlook(
  tariffLoader({ spec: "tempo", cacheFolder: home.folder, allotFrom: truth }),
);
await tariff.refresh(startMs);
const plan: RunPlan = {
  building,
  mode: "manual",
  steps,
  horizonSteps: 1,
  solver: "exact",
  weather: stepMeans(await truth.series(startMs, endMs), startMs, dtSeconds, steps),
  price_eur_kwh: stepPrices(tariff.rates(startMs, endMs, endMs), startMs, dtSeconds, steps),
  theta_start_c: 20,
};

function thermostat_eur(): number {
  const run = simulate(plan, () => 0);
  for (;;) {
    const { done, value } = run.next();
    if (!done) continue;
    const { cost_eur, theta_m_end_c } = kpis(value, building.comfort);
    return netCost_eur(plan, cost_eur, theta_m_end_c);
  }
}

async function live(margin: number) {
  const core = await home.core({
    margin,
    weather: erringForecast(),
    tariffSpec: "tempo",
    mpcTimeout_ms: 600_000,
  });
  const life = await liveNoisily(device, startMs, steps);
  await core.stop();
  const kwh = (maxPower_w * dtSeconds) / 3.6e6; // of a step, valve open
  const cost_eur = life.valve.reduce((sum, valve, k) => sum + valve * kwh * plan.price_eur_kwh[k], 0);
  return { life, net_eur: netCost_eur(plan, cost_eur, life.theta_m_end_c) };
}

const device = await home.device();
await home.optimiser(device.messenger);

const baseline_eur = thermostat_eur();
const best = perfectForesight(plan);
const best_eur = netCost_eur(plan, best.energyCost_eur, best.theta_m_c[steps - 1]);
const percent = (saved_eur: number, of_eur: number) => `${((100 * saved_eur) / of_eur).toFixed(1)} %`;
console.log(
  `${days} days: thermostat ${baseline_eur.toFixed(2)} EUR, perfect foresight ${best_eur.toFixed(2)} EUR`,
);
for (const margin of [0, 2.5]) {
  const { life, net_eur } = await live(margin);
  const saved_eur = baseline_eur - net_eur;
  console.log(
    [
      `margin ${margin}: ${net_eur.toFixed(2)} EUR, ${percent(saved_eur, baseline_eur)} saved`,
      `${percent(saved_eur, baseline_eur - best_eur)} of what is possible`,
      `${below_kh(life, min_c).toFixed(2)} K h below ${min_c}, coldest ${Math.min(...life.theta_air_c).toFixed(2)}`,
    ].join(", "),
  );
}
await home.stop();
