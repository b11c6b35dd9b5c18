import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Scope } from '#shared/rpc/scope';
import { networksOf, watchWake, type Networks, type WakeReason } from './wake';

let scope: Scope;
let told: WakeReason[];
let wall: number;
let steady: number;
let networks: Networks;

beforeEach(() => {
  vi.useFakeTimers();
  scope = new Scope('test');
  told = [];
  wall = 1e12;
  steady = 0;
  networks = { mark: 'a', any: true };
  watchWake(
    scope,
    (reason) => told.push(reason),
    { now: () => wall, monotonic: () => steady, networks: () => networks },
    1_000,
  );
});
afterEach(() => {
  scope.dispose();
  vi.useRealTimers();
});

/** One look, after the given times have passed. */
function look(wallMs = 1_000, steadyMs = wallMs): void {
  wall += wallMs;
  steady += steadyMs;
  vi.advanceTimersByTime(1_000);
}

it.each<[string, () => void, WakeReason[]]>([
  ['nothing', () => look(), []],
  ['a busy moment', () => look(9_000), []],
  ['sleep that both clocks count', () => look(8 * 3_600_000), ['slept']],
  ['sleep that only the wall clock counts', () => look(8 * 3_600_000, 1_000), ['slept']],
  ['a clock set back', () => look(-3_600_000, 1_000), ['clock']],
  ['a clock set forward a little', () => look(10_000, 1_000), ['clock']],
  ['a VPN', () => ((networks = { mark: 'a,b', any: true }), look()), ['network']],
  ['the cable pulled', () => ((networks = { mark: '', any: false }), look()), ['offline']],
])('tells of %s, once', (_, happen, expected) => {
  look();
  happen();
  look();
  look();
  expect(told).toEqual(expected);
});

it('tells when the network is back', () => {
  networks = { mark: '', any: false };
  look();
  networks = { mark: 'a', any: true };
  look();
  expect(told).toEqual(['offline', 'network']);
});

it('passes over loopback, link-local and container addresses', () => {
  const at = (address: string, internal = false): never =>
    [{ address, internal, family: 'IPv4', netmask: '', mac: '', cidr: null }] as never;
  expect(networksOf({ lo: at('127.0.0.1', true), eth0: at('fe80::1') })).toEqual({ mark: '', any: false });
  expect(networksOf({ docker0: at('172.17.0.1') })).toEqual({ mark: '', any: true });
  expect(networksOf({ wlan0: at('10.0.0.7'), vetha: at('10.1.0.1') })).toEqual({
    mark: 'wlan0 10.0.0.7',
    any: true,
  });
});
