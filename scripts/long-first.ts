/**
 * The order of the test files: those that take long though their text is short come first, so that none of them is left
 * to run alone at the end. Vitest orders the others by their size, or by their time where it has run them before.
 */
import { BaseSequencer, type TestSpecification } from "vitest/node";

const long = [
  "tests/soak/soak.test.ts",
  "tests/e2e/operation.test.ts",
  "tests/docs/site.test.ts",
  "services/calibrate/src/main.test.ts",
  "services/core/src/system-clock.test.ts",
];

export default class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLong = ({ moduleId }: TestSpecification) => long.some((file) => moduleId.endsWith(`/${file}`));
    const sorted = await super.sort(files);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}
