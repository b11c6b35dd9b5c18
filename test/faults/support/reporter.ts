/**
 * A line per fault and one with the sum. A fault is ok when all its tests passed, `absent`
 * counts as failed, a number without any test too; a row of which a part was skipped says so.
 */
import type { Reporter, TestCase, TestModule } from 'vitest/node';
import { rows } from './rows';

interface Seen {
  passed: number;
  readonly failed: string[];
  readonly skipped: string[];
}

export class FaultReporter implements Reporter {
  private readonly seen = new Map<number, Seen>();

  onTestCaseResult(test: TestCase): void {
    const number = Number(/\bfault (\d+):/.exec(test.name)?.[1]);
    const part = /\[([^\]]+)\]$/.exec(test.name)?.[1];
    const seen: Seen = this.seen.get(number) ?? { passed: 0, failed: [], skipped: [] };
    this.seen.set(number, seen);
    const result = test.result();
    if (result.state === 'passed') seen.passed += 1;
    else if (result.state === 'skipped') {
      if (result.note?.startsWith('absent:')) seen.failed.push(result.note);
      else seen.skipped.push(part ?? 'skipped');
    } else {
      const message = (result.errors?.[0]?.message ?? 'it failed').split('\n').slice(0, 6).join(' ');
      seen.failed.push(`${part ? `[${part}] ` : ''}${message}`);
    }
  }

  onTestRunEnd(modules: readonly TestModule[], errors: readonly { message?: string }[]): void {
    const lines: string[] = [];
    const count = { passed: 0, failed: 0, skipped: 0 };
    for (const [key, words] of Object.entries(rows)) {
      const seen = this.seen.get(Number(key));
      if (!seen || seen.failed.length > 0) {
        count.failed += 1;
        lines.push(`not ok ${key} ${words}`);
        for (const reason of seen?.failed ?? ['absent: no test']) lines.push(`    ${reason}`);
      } else if (seen.passed === 0) {
        count.skipped += 1;
        lines.push(`SKIPPED ${key} ${words}: ${seen.skipped.join(', ')}`);
      } else {
        count.passed += 1;
        const left = seen.skipped.length > 0 ? `  (SKIPPED in part: ${seen.skipped.join(', ')})` : '';
        lines.push(`ok ${key} ${words}${left}`);
      }
    }
    // What belongs to no row fails the run all the same: a file that does not load, a leak, a stray error.
    const others = [
      ...(this.seen.get(NaN)?.failed ?? []),
      ...modules.flatMap((one) => one.errors().map((error) => `${one.moduleId}: ${error.message}`)),
      ...modules.flatMap((one) =>
        [...one.children.allSuites()].flatMap((suite) => suite.errors().map((error) => error.message)),
      ),
      ...errors.map((error) => error.message ?? 'an error outside of tests'),
    ];
    for (const other of others) lines.push(`not ok - ${other}`);
    count.failed += others.length;
    const skipped = count.skipped > 0 ? `, ${count.skipped} skipped` : '';
    process.stdout.write(`${lines.join('\n')}\n${count.passed} passed, ${count.failed} failed${skipped}\n`);
    if (count.failed > 0) process.exitCode = 1;
  }
}

// eslint-disable-next-line no-restricted-syntax -- vitest loads a reporter by its default export
export default FaultReporter;
