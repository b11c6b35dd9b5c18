import { expect, test } from 'vitest';
import type { ObservedState } from '#shared/contract/topology';
import type { MapFlow } from '#shared/domain/topology/map/types';
import { flowSentence, flowWords, isFailing, layerWords } from './observed';
import { rateText } from './rate-text';

const flow = (rate: number, failed: number | undefined, unit: MapFlow['unit'] = 'requests'): MapFlow => ({
  by: 'Hubble',
  unit,
  rate,
  failed,
});

test.each<[MapFlow, string, boolean]>([
  [flow(12.4, 0), 'observed 12 req/s', false],
  [flow(12.4, undefined), 'observed 12 req/s', false],
  [flow(10, 1), 'observed 10 req/s, 10% errors', true],
  [flow(1000, 5), 'observed 1,000 req/s, 0.5% errors', false],
  [flow(1000, 10), 'observed 1,000 req/s, 1% errors', true],
  [flow(100_000, 1), 'observed 100k req/s, <0.1% errors', false],
  [flow(4, 4, 'flows'), 'observed 4 flows/s, 100% dropped', true],
])('%j is %s', (of, words, failing) => {
  expect(flowWords(of)).toBe(words);
  expect(isFailing(of)).toBe(failing);
});

test('a sentence says who measured it, and that errors are not', () => {
  expect(flowSentence(flow(2, undefined))).toBe(
    '2 requests per second, errors are not measured (Hubble, last 5 minutes)',
  );
  expect(flowSentence(flow(2, 0, 'flows'))).toBe('2 flows per second, none dropped (Hubble, last 5 minutes)');
});

test.each<[number, string]>([
  [0.001, '<0.01'],
  [0.123, '0.12'],
  [3.44, '3.4'],
  [9.99, '10'],
  [1234.5, '1,235'],
  [12_345, '12k'],
  [3_400_000, '3.4M'],
])('a rate of %d is %s', (rate, text) => expect(rateText(rate)).toBe(text));

test.each<[ObservedState | undefined, string]>([
  [undefined, ''],
  [state('asking'), 'asking Prometheus for m1, m2'],
  [state('absent'), 'none: Prometheus has no series with the labels of workloads in m1, m2'],
  [
    { ...state('absent'), error: { code: 'not-found', message: 'No Prometheus was found.' } },
    'none: No Prometheus was found. It would be asked for m1, m2',
  ],
  [{ ...state('failed'), error: { code: 'timeout', message: 'Too slow.' } }, 'not known: Too slow.'],
  [{ ...state('live'), found: ['m1'], drawn: 1 }, '1 edge from m1'],
  [
    { ...state('live'), found: ['m1', 'm2'], drawn: 1200, offMap: 3 },
    '1,200 edges from m1, m2; 3 more lead off this map',
  ],
])('the toolbar says %#', (of, words) => expect(layerWords(of)).toBe(words));

function state(phase: ObservedState['phase']): ObservedState {
  return { phase, looked: ['m1', 'm2'], found: [], drawn: 0, offMap: 0 };
}
