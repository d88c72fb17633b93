/** Who may import whom (docs/development.md, "The house"). Anything not listed is forbidden. */
const allowed = {
  physics: [],
  http: [],
  "text-file": [],
  tariff: ["http", "text-file", "time", "weather"],
  weather: ["http", "text-file", "time"],
  time: [],
  contracts: ["text-file", "time"],
  runtime: ["contracts", "text-file", "time"],
  page: [],
  house: ["physics"],
  control: ["house", "physics", "tariff"],
  identification: ["house", "physics"],
  messaging: ["contracts"],
  actuators: ["contracts", "messaging"],
  setup: ["contracts"],
  timeseries: ["contracts"],
  "command-line": ["contracts", "runtime"],
  comfort: ["contracts", "runtime", "tariff"],
  history: ["contracts", "identification", "simulation", "timeseries", "weather"],
  simulation: ["control", "house", "identification", "physics", "tariff", "time", "weather"],
};

const siblings = Object.entries(allowed).map(([name, friends]) => ({
  name: `packages-${name}`,
  comment: `${name} may import ${friends.length > 0 ? friends.join(", ") : "no sibling package"}`,
  severity: "error",
  from: { path: `^packages/${name}/`, pathNot: `^packages/${name}/bench/` },
  to: { path: "^packages/", pathNot: `^packages/(${[name, ...friends].join("|")})/` },
}));

/** Benches are commands: they take what their package takes, and options. */
const benches = Object.entries(allowed).map(([name, friends]) => ({
  name: `bench-${name}`,
  comment: `benches of ${name} may import ${["command-line", ...friends].join(", ")}`,
  severity: "error",
  from: { path: `^packages/${name}/bench/` },
  to: { path: "^packages/", pathNot: `^packages/(${[name, "command-line", ...friends].join("|")})/` },
}));

/** The pure core: no files, network, clock or environment in these. Their edges sit in `src/sources`. */
const pure = {
  name: "pure-core",
  comment:
    "physics, house, control, identification, simulation and the non-source files of tariff and weather do no I/O",
  severity: "error",
  from: {
    path: "^packages/(physics|house|control|identification|simulation|tariff|weather)/src/",
    pathNot: "/src/(sources|testing)/|\\.(test|bench)\\.ts$",
  },
  to: { path: "^(node:)?(fs|http|https|net|path|process|child_process|worker_threads|os)(/|$)|undici" },
};

/** The folders of the core, in one direction: each may import those before it, and no file of the core beside them. */
const coreFolders = ["home", "calibration", "comfort", "outlook", "decision", "record"];

const coreDirection = coreFolders.map((folder, k) => ({
  name: `core-${folder}`,
  comment: `${folder} may import ${k > 0 ? `only ${coreFolders.slice(0, k).join(", ")}` : "no other folder"} of the core`,
  severity: "error",
  from: { path: `^services/core/src/${folder}/`, pathNot: "\\.test\\.ts$" },
  to: {
    path: "^services/core/src/",
    pathNot: `^services/core/src/(${coreFolders.slice(0, k + 1).join("|")})/`,
  },
}));

module.exports = {
  forbidden: [
    ...siblings,
    ...benches,
    pure,
    ...coreDirection,
    {
      name: "no-import-of-services",
      severity: "error",
      from: { path: "^(packages|services/([^/]+))/" },
      to: { path: "^services/", pathNot: "^services/$2/" },
    },
    { name: "no-circular", severity: "error", from: {}, to: { circular: true } },
    { name: "not-to-unresolvable", severity: "error", from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "(^|/)(dist|fixtures)/" },
    parser: "swc",
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "node", "default"] },
  },
};
