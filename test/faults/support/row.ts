/** How a test says which fault it proves; the reporter reads the number out of the title. */
import { it } from 'vitest';
import { rows } from './rows';

type Run = () => Promise<void> | void;

function title(fault: number, part?: string): string {
  const words = rows[fault];
  if (words === undefined) throw new Error(`There is no fault ${fault}.`);
  return `fault ${fault}: ${words}${part === undefined ? '' : ` [${part}]`}`;
}

/** A row may have several tests; it is ok when all of them are. */
export function fault(number: number, run: Run, part?: string, timeoutMs?: number): void {
  it(title(number, part), run, timeoutMs);
}

/**
 * What the product does not do yet. `npm test` skips it and says so; `npm run test:faults` counts it
 * as failed (reporter.ts).
 */
export function absent(number: number, what: string): void {
  it(title(number, 'absent'), ({ skip }) => {
    console.warn(`SKIPPED, not a pass: fault ${number} is absent: ${what}`);
    skip(`absent: ${what}`);
  });
}

/** Only a real cluster can show it; without one the row is skipped, and counted as skipped. */
export function faultOn(isThere: boolean, number: number, run: Run, part: string, timeoutMs?: number): void {
  it.skipIf(!isThere)(title(number, part), run, timeoutMs);
}
