/** A finished test as plain text; what it is made from holds no secret. */
import type { TestState } from '#shared/contract/connection-test';

export function testText({ steps }: TestState): string {
  return steps
    .flatMap((step) => [
      `${step.title}: ${step.state}${step.state === 'skipped' ? '' : ` (${step.ms} ms)`}. ${step.words}`,
      ...(step.hint === undefined ? [] : [`  Hint: ${step.hint}`]),
      ...step.details.map((line) => `  ${line}`),
    ])
    .join('\n');
}
