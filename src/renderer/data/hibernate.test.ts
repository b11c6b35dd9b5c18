import { describe, expect, it } from 'vitest';
import type { ContextSettings, HostState } from '#shared/contract/app';
import { defaultSettings } from './app-data';
import { idleClusters } from './hibernate';
import { emptyBench } from './workbench';

const MINUTE = 60_000;
const dock = { ...emptyBench, dock: [{ id: 's', page: 'shell', title: 's', params: {} }] };

function run(
  after: number,
  own: Record<string, ContextSettings>,
  minutes: number,
  more?: { active?: string; busy?: string; phase?: HostState['phase'] },
): [string, number][] {
  const looked = new Map<string, number>();
  let found: [string, number][] = [];
  for (let at = 0; at <= minutes; at += 1) {
    found = idleClusters({
      hosts: ['a', 'b'].map((contextId) => ({
        contextId,
        phase: more?.phase ?? 'running',
        generation: 1,
        restarts: 0,
      })),
      settings: { ...defaultSettings, contexts: own, hibernateAfter: after },
      benches: more?.busy === undefined ? {} : { [more.busy]: dock },
      active: more?.active ?? null,
      looked,
      now: at * MINUTE,
    });
  }
  return found;
}

describe('idleClusters', () => {
  it.each([
    ['off by default', 0, {}, 10_000, {}, []],
    ['not yet', 15, {}, 14, {}, []],
    [
      'both',
      15,
      {},
      15,
      {},
      [
        ['a', 15],
        ['b', 15],
      ],
    ],
    ['not the one on screen', 15, {}, 15, { active: 'a' }, [['b', 15]]],
    ['not one with a shell', 15, {}, 500, { busy: 'b' }, [['a', 15]]],
    ['its own time wins', 15, { a: { hibernateAfter: 60 } }, 15, {}, [['b', 15]]],
    ['its own never wins', 15, { a: { hibernateAfter: 0 } }, 500, {}, [['b', 15]]],
    ['its own time alone', 0, { a: { hibernateAfter: 15 } }, 15, {}, [['a', 15]]],
    ['nothing that does not run', 15, {}, 500, { phase: 'restarting' }, []],
  ] as [string, number, Record<string, ContextSettings>, number, object, [string, number][]][])(
    '%s',
    (_, after, own, minutes, more, expected) => {
      expect(run(after, own, minutes, more)).toEqual(expected);
    },
  );
});
