import { describe, expect, it } from 'vitest';
import { freePodName } from './owned';
import type { Sim } from './sim';

function sim(taken: readonly string[], drawn: string[]): Sim {
  return {
    random: { suffix: () => drawn.shift() },
    store: { get: (_storage: string, _namespace: string, name: string) => taken.find((one) => one === name) },
  } as unknown as Sim;
}

describe('names of pods', () => {
  it('draws again when a sibling has the name', () => {
    expect(freePodName(sim(['web-aaaaa'], ['aaaaa', 'aaaaa', 'bbbbb']), 'shop', 'web')).toBe('web-bbbbb');
    expect(freePodName(sim([], ['aaaaa']), 'shop', 'web')).toBe('web-aaaaa');
  });
});
