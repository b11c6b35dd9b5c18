import { describe, expect, it } from 'vitest';
import { calicoSelector } from './calico-selector';

describe('selector expressions of Calico', () => {
  it.each([
    ["app == 'web'", true],
    ['app == "web"', true],
    ["app != 'web'", false],
    ["gone != 'x'", true],
    ['has(app)', true],
    ['!has(app)', false],
    ["app in {'a', 'web'}", true],
    ["app not in {'a', 'web'}", false],
    ["gone not in {'a'}", true],
    ["app starts with 'w' && app ends with 'b'", true],
    ["app contains 'e'", true],
    ["app == 'x' || tier == 'front'", true],
    ["!(app == 'web' || has(gone))", false],
    ["app == 'web' && (tier == 'x' || tier == 'front')", true],
    ['all()', true],
    ['', true],
    ['global()', false],
    ["app == 'web' &&", false],
    ["app = 'web'", false],
    ["app == 'web') ", false],
    ['has(constructor)', false],
    ['('.repeat(500), false],
  ])('%s', (text, fits) => {
    const { requirements, test, valid } = calicoSelector(text);
    const never = requirements.some(({ operator }) => operator === 'Never');
    expect(!never && (test === undefined || test({ app: 'web', tier: 'front' }))).toBe(fits);
    expect(valid).toBe(!never);
  });
});
