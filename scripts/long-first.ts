/**
 * The order of the test files: those that take long come first, the longest before the others, so that none of them is
 * left to run alone at the end. Vitest orders the others by their size, or by their time where it has run them before.
 */
import { BaseSequencer, type TestSpecification } from "vitest/node";

const longest = [
  "tests/soak/soak.test.ts",
  "tests/e2e/operation.test.ts",
  "services/batch/src/main.test.ts",
  "services/core/src/dashboard/dashboard.test.ts",
  "services/valves/src/service.test.ts",
  "services/core/src/doubt.test.ts",
  "tests/e2e/set-up.test.ts",
  "tests/fuzz/messages.test.ts",
  "services/core/src/system-clock.test.ts",
  "services/calibrate/src/main.test.ts",
  "services/core/src/home-assistant/home-assistant.test.ts",
  "services/batch/bench/attained-saving.test.ts",
  "services/core/src/broker-loss.test.ts",
  "services/batch/src/report/html.test.ts",
  "tests/docs/site.test.ts",
  "tests/e2e/two-winter-days.test.ts",
  "tests/deployment/broker.test.ts",
  "tests/e2e/rooms.test.ts",
  "services/core/src/dashboard/ingress.test.ts",
  "services/core/src/dashboard/states.test.ts",
  "services/mpc/src/service.test.ts",
  "services/mpc/src/optimiser.test.ts",
  "services/core/src/main.test.ts",
  "services/core/src/faults.test.ts",
  "services/core/src/calibration/nightly.test.ts",
];

export default class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const rank = ({ moduleId }: TestSpecification) => {
      const at = longest.findIndex((file) => moduleId.endsWith(`/${file}`));
      return at < 0 ? longest.length : at;
    };
    return sorted.toSorted((a, b) => rank(a) - rank(b));
  }
}
