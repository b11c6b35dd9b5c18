/**
 * Asks main what the page could ask it, through a port of its own right: the page says
 * `ready` once more and this listens beside it. Only for what no screen shows.
 */
import type { Page } from '@playwright/test';
import type { HostState } from '../../../src/shared/contract/app';

interface Probe {
  hosts: HostState[][];
  call(member: string, input: unknown): Promise<unknown>;
}

declare global {
  interface Window {
    binnacleProbe?: Probe;
  }
}

/** Ids far from those of the page's own client on the same port. */
const FIRST_ID = 1_000_000;

/** Starts to record `hosts`; the page gets a fresh app port at the same time. */
export async function attachProbe(page: Page): Promise<void> {
  await page.evaluate(
    (firstId) =>
      new Promise<void>((done) => {
        const onGrant = (event: MessageEvent): void => {
          const data = event.data as { binnacle?: string; to?: string };
          const [port] = event.ports;
          if (data.binnacle !== 'port' || data.to !== 'app' || !port) return;
          window.removeEventListener('message', onGrant);
          const waiting = new Map<number, (value: unknown) => void>();
          const failing = new Map<number, (reason: Error) => void>();
          let next = firstId + 1;
          const probe: Probe = {
            hosts: [],
            call: (member, input) =>
              new Promise((resolve, reject) => {
                next += 1;
                waiting.set(next, resolve);
                failing.set(next, reject);
                port.postMessage({ t: 'call', id: next, m: `app.${member}`, i: input });
              }),
          };
          port.addEventListener('message', (message) => {
            const { t, id, v, e } = message.data as { t: string; id: number; v?: unknown; e?: unknown };
            if (id === firstId && t === 'data') {
              probe.hosts.push(v as HostState[]);
              port.postMessage({ t: 'credit', id, n: 1 });
            } else if (t === 'ok') waiting.get(id)?.(v);
            else if (t === 'error') failing.get(id)?.(new Error(JSON.stringify(e)));
          });
          port.start();
          port.postMessage({ t: 'open', id: firstId, m: 'app.hosts', i: undefined, credit: 2 });
          window.binnacleProbe = probe;
          done();
        };
        window.addEventListener('message', onGrant);
        window.postMessage({ binnacle: 'ready' }, window.origin);
      }),
    FIRST_ID,
  );
}

/** Every batch of `hosts` since the probe was attached. */
export function seenHosts(page: Page): Promise<HostState[][]> {
  return page.evaluate(() => window.binnacleProbe?.hosts ?? []);
}

export function callMain(page: Page, member: string, input?: unknown): Promise<unknown> {
  return page.evaluate(([name, value]) => window.binnacleProbe?.call(name as string, value), [member, input]);
}

/**
 * Asks the host of the one connected cluster the same thing `times` times, all at once, past every
 * screen; resolves with how many were answered with a result.
 */
export function askHost(page: Page, member: string, input: unknown, times: number): Promise<number> {
  return page.evaluate(
    ([name, value, count]) =>
      new Promise<number>((done) => {
        const first = 3_000_000 + Math.floor(performance.now());
        let good = 0;
        let left = count;
        const onGrant = (event: MessageEvent): void => {
          const data = event.data as { binnacle?: string; to?: string };
          const [port] = event.ports;
          if (data.binnacle !== 'port' || data.to !== 'cluster' || !port) return;
          window.removeEventListener('message', onGrant);
          port.addEventListener('message', (message) => {
            const { t, id } = message.data as { t: string; id: number };
            if (id < first || id >= first + count) return;
            if (t === 'ok') good += 1;
            left -= 1;
            if (left === 0) done(good);
          });
          port.start();
          for (let at = 0; at < count; at += 1)
            port.postMessage({ t: 'call', id: first + at, m: name, i: value });
        };
        window.addEventListener('message', onGrant);
        window.postMessage({ binnacle: 'ready' }, window.origin);
      }),
    [member, input, times] as const,
  );
}
