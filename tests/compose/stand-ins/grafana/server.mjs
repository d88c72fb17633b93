/** Reads what Grafana would read, with the rights that it would have, and asks the data source as it would. */
import { accessSync, constants, readdirSync, readFileSync, writeFileSync } from "node:fs";
import http from "node:http";
import { parse } from "yaml";

const provisioning = "/etc/grafana/provisioning";
const filesIn = (folder, ending) =>
  readdirSync(folder)
    .filter((name) => name.endsWith(ending))
    .map((name) => readFileSync(`${folder}/${name}`, "utf8"));
const withFiles = (text) =>
  text.replaceAll(/\$__file\{([^}]+)\}/g, (_, file) => readFileSync(file, "utf8").trim());

const passwordFile = process.env.GF_SECURITY_ADMIN_PASSWORD__FILE;
const password = passwordFile ? readFileSync(passwordFile, "utf8").trim() : "admin";
const [{ datasources }] = filesIn(`${provisioning}/datasources`, ".yaml").map((text) =>
  parse(withFiles(text)),
);
const [{ providers }] = filesIn(`${provisioning}/dashboards`, ".yaml").map((text) => parse(text));
const dashboards = filesIn(providers[0].options.path, ".json").map((text) => JSON.parse(text));
const rules = filesIn(`${provisioning}/alerting`, ".yaml").flatMap((text) =>
  parse(text).groups.flatMap((group) => group.rules),
);
accessSync(process.env.GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH, constants.R_OK);
for (const folder of ["/var/lib/grafana", "/tmp"]) writeFileSync(`${folder}/written`, "");

const server = http.createServer(async (request, response) => {
  const [status, body] = await answer(request).catch((error) => [500, { message: error.message }]);
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
});
server.listen(3000);
process.once("SIGTERM", () => process.exit(0));

async function answer(request) {
  const { method, url, headers } = request;
  const { pathname } = new URL(url, "http://localhost");
  if (pathname === "/api/health") return [200, { database: "ok", version: "stand-in" }];
  const expected = `Basic ${Buffer.from(`admin:${password}`).toString("base64")}`;
  if (headers.authorization !== expected) return [401, { message: "Invalid username or password" }];
  if (pathname === "/api/search") return [200, dashboards.map(({ uid, title }) => ({ uid, title }))];
  if (pathname === "/api/v1/provisioning/alert-rules") return [200, rules];
  if (method === "POST" && pathname === "/api/ds/query") {
    const { queries, from, to } = JSON.parse(await textOf(request));
    const results = await Promise.all(queries.map((query) => ask(query, Number(from), Number(to))));
    return [200, { results: Object.fromEntries(results) }];
  }
  return [404, { message: `the stand-in does not answer ${method} ${pathname}` }];
}

async function ask({ refId, query, datasource }, fromMs, toMs) {
  const { url, jsonData, secureJsonData } = datasources.find(({ uid }) => uid === datasource.uid);
  const flux = query
    .replaceAll("v.defaultBucket", JSON.stringify(jsonData.defaultBucket))
    .replaceAll("v.timeRangeStart", new Date(fromMs).toISOString())
    .replaceAll("v.timeRangeStop", new Date(toMs).toISOString())
    .replaceAll("v.windowPeriod", "1m0s");
  const response = await fetch(`${url}/api/v2/query?org=${jsonData.organization}`, {
    method: "POST",
    headers: {
      authorization: `Token ${secureJsonData.token}`,
      "content-type": "application/vnd.flux",
      accept: "application/csv",
    },
    body: flux,
  });
  const text = await response.text();
  if (!response.ok) return [refId, { status: response.status, error: text }];
  return [refId, { status: 200, frames: framesOf(text) }];
}

/** The tables of an annotated CSV, less annotations: a frame for each, with the columns that a query leaves. */
function framesOf(csv) {
  const frames = new Map();
  let header = [];
  for (const line of csv.split(/\r?\n/)) {
    if (line === "") header = [];
    else if (header.length === 0) header = line.split(",");
    else {
      const cells = line.split(",");
      const table = `${header.join()} ${cells[2]}`;
      if (!frames.has(table)) frames.set(table, []);
      frames.get(table).push(Object.fromEntries(header.map((name, i) => [name, cells[i]])));
    }
  }
  return [...frames.values()].map((rows) => {
    const names = Object.keys(rows[0]).filter(
      (name) => !["", "result", "table", "_start", "_stop"].includes(name),
    );
    const isNumber = (name) => rows.every((row) => row[name] !== "" && Number.isFinite(Number(row[name])));
    return {
      schema: {
        fields: names.map((name) => ({
          name,
          type: name === "_time" ? "time" : isNumber(name) ? "number" : "string",
        })),
      },
      data: {
        values: names.map((name) => rows.map((row) => (isNumber(name) ? Number(row[name]) : row[name]))),
      },
    };
  });
}

async function textOf(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
