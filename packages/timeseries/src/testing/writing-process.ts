/** A process that writes numbered points to an InfluxDB by way of a queue file, until it is killed. */
import { openPatientInfluxStore } from "../influx.ts";
import { numberedPoints } from "./points.ts";

const [url, queueFile, batches, batchSize, rest] = process.argv.slice(2) as [
  string,
  string,
  string,
  string,
  string,
];
const { store } = await openPatientInfluxStore({
  url,
  token: "secret",
  org: "azru",
  bucket: "home-energy",
  queueFile,
  batchSize: Number(batchSize),
  flushIntervalMs: 3_600_000, // what fills no batch is of the last interval, however slow the machine
});
for (let i = 0; i < Number(batches); i++) {
  store.write(numberedPoints(Number(batchSize), i * Number(batchSize)));
}
store.write(numberedPoints(Number(rest), Number(batches) * Number(batchSize)));
console.log("written");
setInterval(() => {}, 3_600_000);
