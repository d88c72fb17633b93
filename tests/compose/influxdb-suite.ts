/** The stores' own tests, and the dashboards' and alarms' queries on known points, in the stack's InfluxDB. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInfluxBucket } from "../../packages/timeseries/src/testing/influx-bucket.ts";
import { expect, type Step } from "./step.ts";

const url = "http://127.0.0.1:8086";
const org = "azru";

/** What Vitest's reporter `json` counts. */
interface Report {
  readonly numTotalTests: number;
  readonly numPassedTests: number;
}

export const influxdbSuite: Step = {
  name: "the InfluxDB suite: every store's promise, dashboard query and alarm, in buckets of its own",
  run: async (stack) => {
    const token = await stack.secret("influxdb/admin_token");
    const bucket = await createInfluxBucket(url, token, org);
    const report = join(stack.folder, "influxdb-suite.json");
    const environment = {
      AZRU_TEST_INFLUXDB_URL: url,
      AZRU_TEST_INFLUXDB_TOKEN: token,
      AZRU_TEST_INFLUXDB_ORG: org,
      AZRU_TEST_INFLUXDB_BUCKET: bucket.name,
    };
    const suite = ["packages/timeseries", "tests/deployment/influxdb.test.ts"];
    const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
    try {
      await stack.inRepository(environment, "node_modules/.bin/vitest", "run", ...suite, ...reporters);
    } finally {
      await bucket.drop();
    }
    const { numTotalTests, numPassedTests } = JSON.parse(readFileSync(report, "utf8")) as Report;
    expect(
      numPassedTests === numTotalTests,
      `${numTotalTests - numPassedTests} of ${numTotalTests} tests were left out`,
    );
    return `${numPassedTests} tests`;
  },
};
