/** A reporter that names the tests that passed only at the second try, before the summary: each is to be mended. */
import type { Reporter, TestCase } from "vitest/node";

export default class SecondChances implements Reporter {
  readonly #names: string[] = [];

  onTestCaseResult(test: TestCase): void {
    const { retryCount = 0 } = test.diagnostic() ?? {};
    if (retryCount > 0 && test.result().state === "passed")
      this.#names.push(`${test.module.relativeModuleId} > ${test.fullName}`);
  }

  onTestRunEnd(): void {
    if (!process.env.AZRU_SECOND_CHANCE) return;
    if (this.#names.length === 0) console.log("No test needed a second chance.");
    else console.log(`Passed at the second chance only, to be mended:\n  ${this.#names.join("\n  ")}`);
  }
}
