/** The home on one page. Runs in the browser. */
import type {
  ComfortResponse,
  ForecastState,
  HistoryResponse,
  LowerCeilingResponse,
  PlanResponse,
  ServerEvent,
  StateResponse,
  TariffState,
} from "@azru/contracts";
import { ApiError, get, getIfAny } from "./api.ts";
import { Chart } from "./chart.ts";
import { createComfort } from "./comfort.ts";
import { createControls } from "./controls.ts";
import type { EventValues, Past } from "./course.ts";
import { courseOf, ofDecidingRooms } from "./course.ts";
import { byId } from "./elements.ts";
import type { Language } from "./format.ts";
import { type Actuator, createFormat } from "./format.ts";
import { HistoryPanel } from "./history.ts";
import { chosenLanguage, followLanguageButtons } from "./language.ts";
import { listen } from "./live.ts";
import { textsOf } from "./texts.ts";
import { type Home, inParts, type Speech, writeHome, writeTexts } from "./view.ts";
import { peakOf } from "./why.ts";

/** Wall time between two looks at the same thing. */
const pause_ms = { state: 1_000, history: 5_000, lowerCeiling: 5_000 };
const longestEvents_s = 86_400;
/** Wall time after which the state is looked at though nothing happened. */
const pulse_ms = 20_000;

/** Heaters that are switched, and have no valve. */
const withoutValve = ["convector", "panel", "oilRadiator"];
/** Where the home has no valve, the page speaks of the heating. */
const actuator: Actuator = withoutValve.includes(document.body.dataset.heater ?? "") ? "heating" : "valve";
let speech = speechOf(chosenLanguage());

const home: { -readonly [Key in keyof Home]?: Home[Key] } = {};

let past: Past | null = null;
/** What events carried, as far back as the past may not reach yet. */
let fromEvents: EventValues[] = [];
let isListening = false;
let isReached = false;

const chart = new Chart(byId("chart"), byId("readout"));
const loadState = atMostEvery(pause_ms.state, async () => {
  const before = home.state;
  const state = await get<StateResponse>("/state");
  if (home.state === before) home.state = state; // else an event brought a newer one
});
const loadHistory = atMostEvery(pause_ms.history, fetchHistory);
/** Asks the optimiser what a lower ceiling would cost, once a plan that gets warm. */
const loadLowerCeiling = atMostEvery(pause_ms.lowerCeiling, async () => {
  try {
    home.lower = await getIfAny<LowerCeilingResponse>("/plan/lower-ceiling");
  } catch (error) {
    if (!(error instanceof ApiError)) throw error; // not reached at all
    home.lower = null; // the optimiser is not there, which the page says elsewhere
  }
});
const controls = createControls(
  () => speech,
  () => void loadState(),
);
const historyPanel = new HistoryPanel(() => speech);
const comfort = createComfort(() => speech, controls.change);

function speechOf(language: Language): Speech {
  return { language, format: createFormat(language, actuator), texts: textsOf(language, actuator) };
}

/** What there was before the page listened, and what comes in no event. */
async function fetchHistory() {
  if (!home.state) return;
  try {
    const [sensors, actuators, tariff, comfort] = await Promise.all([
      history("sensors.temperature&every=10m"),
      history("actuators.valve_position"),
      history("tariff"),
      history("comfort.min"),
    ]);
    past = { sensors: ofDecidingRooms(sensors, home.state), actuators, tariff, comfort };
    home.historyProblem = null;
  } catch (error) {
    if (error instanceof TypeError) throw error; // not reached at all
    const isStoreAway = error instanceof ApiError && error.status === 503;
    home.historyProblem = { isStoreAway, detail: error instanceof Error ? error.message : String(error) };
  }
}

function history(query: string): Promise<HistoryResponse> {
  return get(`/history?series=${query}`);
}

function onEvent({ event, data }: ServerEvent) {
  if (event === "state") {
    home.state = data;
    appendToCourse(data);
  }
  if (event === "plan") home.plan = data;
  if (event === "tariff") home.tariff = data;
  if (event === "forecast") home.forecast = data;
  if (event === "comfort") home.comfort = data;
  if (event === "measurement") void loadState();
  if (event === "state" || event === "decision") {
    void loadHistory();
  }
  draw();
}

function appendToCourse({ time, estimate, decision }: StateResponse) {
  const time_s = Date.parse(time) / 1000;
  const before = fromEvents.filter((one) => one.time_s < time_s && one.time_s > time_s - longestEvents_s);
  fromEvents = [
    ...before,
    { time_s, measured_c: estimate?.temperature, valve_percent: decision?.valve_position },
  ];
}

function onConnection(isConnected: boolean) {
  isListening = isConnected;
  if (isConnected) void loadState();
  showConnection();
}

function showConnection() {
  const state = isListening && isReached ? "live" : isListening || !home.state ? "connecting" : "lost";
  const connection = byId("connection");
  connection.dataset.state = state;
  connection.dataset.text = state;
  connection.textContent = speech.texts[state];
  document.body.dataset.connection = state;
}

/** The plan for which a lower ceiling was asked about last. */
let askedPlanId: string | undefined;
let isDrawing = false;
function draw() {
  if (isDrawing) return;
  isDrawing = true;
  requestAnimationFrame(() => {
    isDrawing = false;
    drawNow();
  });
}

function drawNow() {
  const { state, plan = null, tariff = null, forecast = null, comfort: requests = null } = home;
  const { historyProblem = null, lower = null } = home;
  if (!state) return;
  writeHome({ state, plan, tariff, forecast, comfort: requests, lower, historyProblem }, speech);
  const isAsked = plan === null || askedPlanId === plan.plan.id;
  if (!isAsked && plan.plan.id === state.decision?.plan_id && peakOf({ state, plan })) {
    askedPlanId = plan.plan.id;
    void loadLowerCeiling();
  }
  inParts({
    comfort: () => requests && comfort.show(requests, state),
    control: () => controls.show(state.decision?.valve_position),
    chart: () => showCourse(state, plan, tariff, requests),
    history: () => historyPanel.show(state, requests),
  });
}

function showCourse(
  state: StateResponse,
  plan: PlanResponse | null,
  tariff: TariffState | null,
  requests: ComfortResponse | null,
): void {
  const followed = state.mode === "auto" ? plan : null;
  const course = courseOf(
    Date.parse(state.time),
    past,
    followed,
    tariff,
    state.estimate?.temperature,
    requests?.ahead ?? [],
    fromEvents,
  );
  for (const item of document.querySelectorAll("#legend [data-colour]")) {
    const colour = item.getAttribute("data-colour");
    const isShown = course.spans.some((span) => span.colour === colour || (colour === "peak" && span.isPeak));
    if (item instanceof HTMLElement) item.hidden = !isShown;
  }
  chart.show({ course, comfort: state.comfort, ...speech });
}

/** Loads at once, or as soon as the pause since the last time is over. */
function atMostEvery(pause_ms: number, load: () => Promise<void>) {
  let isWaiting = false;
  let nextMs = 0;
  return async () => {
    if (isWaiting) return;
    isWaiting = true;
    const wait_ms = nextMs - performance.now();
    if (wait_ms > 0) await new Promise((resolve) => setTimeout(resolve, wait_ms));
    isWaiting = false;
    nextMs = performance.now() + pause_ms;
    try {
      await load();
      isReached = true;
    } catch {
      isReached = false; // the page says so
    }
    showConnection();
    draw();
  };
}

followLanguageButtons((language) => {
  speech = speechOf(language);
  writeTexts(speech);
  showConnection();
  drawNow();
});

async function begin() {
  writeTexts(speech);
  await loadState();
  const [plan, tariff, forecast, requests] = await Promise.all([
    getIfAny<PlanResponse>("/plan"),
    getIfAny<TariffState>("/tariff"),
    getIfAny<ForecastState>("/forecast"),
    getIfAny<ComfortResponse>("/comfort"),
  ]);
  // What came as an event in the meantime is newer.
  home.plan ??= plan;
  home.tariff ??= tariff;
  home.forecast ??= forecast;
  home.comfort ??= requests;
  await loadHistory();
}

listen(onEvent, onConnection);
begin().catch(() => showConnection());
setInterval(() => void loadState(), pulse_ms);
// Only where the page comes over TLS or from this machine: elsewhere browsers have none. Within Home Assistant the root is
// not this page's.
if ("serviceWorker" in navigator && location.pathname === "/") {
  navigator.serviceWorker.register("/service-worker.js").catch((error: unknown) => console.warn(error));
}
