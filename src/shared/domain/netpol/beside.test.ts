import { describe, expect, it } from 'vitest';
import { besideVerdict } from './beside';

const refused = {
  ok: false,
  words: 'This pod does not reach x:80: connection refused, nothing listens there.',
};
const silent = { ok: false, words: 'This pod does not reach x:80: no answer in 5 s.' };
const unsure = { ok: false, words: 'This pod does not reach x:80: refused, or no answer in 5 s.' };
const yes = { ok: true, words: 'This pod reaches x:80 (3 ms).' };

describe('a verdict beside a try', () => {
  it.each([
    [true, true, yes, true, 'connects'],
    [true, true, refused, true, 'nothing listens'],
    [true, true, silent, false, 'nothing answers'],
    [true, true, unsure, false, 'nothing answers'],
    [false, true, silent, true, 'does not connect'],
    [false, true, yes, false, 'may lag'],
    [false, false, yes, true, 'nothing enforces'],
    [false, false, refused, true, 'nothing enforces'],
    [false, undefined, refused, false, 'port is closed'],
  ])('allowed %s, enforced %s, %o', (allowed, enforced, tried, agrees, words) => {
    const said = besideVerdict(allowed, enforced, tried);
    expect(said.agrees).toBe(agrees);
    expect(said.text).toContain(words);
  });
});
