/** Names the tests that passed only at the second try: they passed, and somebody should look at them. */
import type { Reporter, TestCase } from 'vitest/node';

export class SecondTry implements Reporter {
  onTestCaseResult(test: TestCase): void {
    if (test.diagnostic()?.flaky)
      process.stdout.write(`SECOND TRY: ${test.module.moduleId}: ${test.fullName}\n`);
  }
}
export { SecondTry as default };
