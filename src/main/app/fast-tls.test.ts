import { describe, expect, it } from 'vitest';
import { setUpFastTls, type Switches } from './fast-tls';

function switches(features: string): { of: Switches; value: () => string } {
  let value = features;
  return {
    of: { getSwitchValue: () => value, appendSwitch: (_name, next) => (value = next) },
    value: () => value,
  };
}

describe('the feature that sets up encryption', () => {
  it('is asked for alone or beside what the command line asks for', () => {
    const none = switches('');
    setUpFastTls(none.of);
    expect(none.value()).toBe('UseBoringSSLForRandBytes');
    const some = switches('A,B');
    setUpFastTls(some.of);
    expect(some.value()).toBe('A,B,UseBoringSSLForRandBytes');
  });
});
