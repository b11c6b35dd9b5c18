/** What is said of a test beside what policies say. Pure. */
import type { InquiryAnswer } from '#shared/domain/netpol/inquiry';

/** Which policy decided, a line for each side that has one. */
export function decidedBy({ shown }: InquiryAnswer): readonly string[] {
  const [first] = shown;
  if (!first) return [];
  const sides = [
    { side: 'Egress', name: first.verdict.from.name, trace: first.egress },
    { side: 'Ingress', name: first.verdict.to.name, trace: first.ingress },
  ];
  return sides.map(({ side, name, trace }) => {
    const state = trace.undefined ? 'undefined' : trace.allowed ? 'allowed' : 'denied';
    const deciding = trace.lines.find((line) =>
      trace.allowed ? line.effect === 'allows' : line.effect === 'denies' || line.effect === 'isolates',
    );
    const why = deciding
      ? `${deciding.policy.kind} ${deciding.policy.namespace === '' ? '' : `${deciding.policy.namespace}/`}${deciding.policy.name}: ${deciding.text}`
      : trace.sentence;
    return `${side} of ${name} ${state}. ${why}`;
  });
}

/** Where the test and the policies do not say the same, why that may be. */
export function compared(
  outcome: InquiryAnswer['outcome'],
  passed: boolean | undefined,
  enforces: boolean | undefined,
): readonly string[] {
  const unenforced = enforces === false && outcome !== 'allowed';
  if (passed === undefined)
    return unenforced ? ['Nothing enforces policies in this cluster: it will pass all the same.'] : [];
  if (passed && outcome === 'denied')
    return [
      enforces === false
        ? 'It passed all the same: nothing enforces policies in this cluster.'
        : 'It passed all the same: what enforces policies here may not, or not yet, have applied them.',
    ];
  if (!passed && outcome === 'allowed')
    return ['Policies are not what stops it: look at the program that should listen, and at its port.'];
  if (!passed && outcome === 'denied' && enforces === false)
    return ['But nothing enforces policies in this cluster: something else stops it.'];
  return [];
}
