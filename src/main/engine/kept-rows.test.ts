import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KubeObject } from '#shared/kinds/define';
import { pod } from '#shared/kinds/pod';
import { Scope } from '#shared/rpc/scope';
import { Caches, KEEP_MS, type RowKeeper, type TableRequest } from './caches';
import { MAX_KEPT_ROWS, readRows, writeRows } from './kept-rows';
import { sampleKind } from './sample-kind';
import { eventOf, HandClock, listOf, ScriptedApi, settle, type Script } from './scripted-api';
import { Table } from './table';

const now = (): Promise<void> => Promise.resolve();

const podObject = (name: string, restarts: number): KubeObject =>
  ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      uid: `uid-${name}`,
      name,
      namespace: 'shop',
      resourceVersion: '7',
      creationTimestamp: '2026-01-02T03:04:05Z',
      labels: { app: name, 'a/b': '' },
      ownerReferences: [
        { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'rs', uid: 'uid-rs', controller: true },
      ],
    },
    spec: { nodeName: 'node-1', containers: [{ name: 'main' }] },
    status: {
      phase: 'Running',
      podIP: '10.0.0.1',
      containerStatuses: [{ name: 'main', ready: true, restartCount: restarts, state: { running: {} } }],
    },
  }) as unknown as KubeObject;

describe('rows as text', () => {
  it('come back with the same cells, labels and owner', async () => {
    const table = new Table(pod);
    for (let n = 0; n < 3; n++) table.upsert(podObject(`web-${n}`, n));
    const text = (await writeRows(table, 1234, now)) ?? '';
    const kept = readRows(text, table.metas);
    expect(kept?.savedAt).toBe(1234);
    const again = new Table(pod);
    for (const object of kept?.objects ?? []) again.upsert(object, 0);
    expect(again.size).toBe(3);
    for (let n = 0; n < 3; n++) {
      const [old, row] = [table.find(`uid-web-${n}`), again.find(`uid-web-${n}`)];
      expect(again.cells(row)).toEqual(table.cells(old));
      expect(again.rowLabels(row)).toEqual(table.rowLabels(old));
      expect([again.owner(row), again.name(row), again.namespace(row)]).toEqual([
        'uid-rs',
        `web-${n}`,
        'shop',
      ]);
    }
  });

  it.each([
    ['nothing', ''],
    ['half a row', '{"format":1,"savedAt":1,"columns":"COLUMNS"}\n["a","b"'],
    ['a row that is none', '{"format":1,"savedAt":1,"columns":"COLUMNS"}\n[1,2,3,4,5,6,7]'],
    ['other columns', '{"format":1,"savedAt":1,"columns":"x:text"}'],
    ['another format', '{"format":2,"savedAt":1,"columns":"COLUMNS"}'],
  ])('%s gives no rows', (_title, text) => {
    const { metas } = new Table(sampleKind);
    const columns = metas.map((meta) => `${meta.id}:${meta.type}`).join(' ');
    expect(readRows(text.replace('COLUMNS', columns), metas)).toBeUndefined();
  });

  it('are not written for a table that is too large, or empty', async () => {
    const table = new Table(sampleKind);
    expect(await writeRows(table, 1, now)).toBeUndefined();
    for (let n = 0; n <= MAX_KEPT_ROWS; n++) {
      table.upsert({
        apiVersion: 'v1',
        kind: 'Sample',
        metadata: { uid: `u${n}`, name: `n${n}` },
      } as KubeObject);
    }
    expect(await writeRows(table, 1, now)).toBeUndefined();
  });
});

describe('tables that outlive their process', () => {
  let scope: Scope;
  let clock: HandClock;
  let kept: Map<string, string>;
  const keep: RowKeeper = {
    load: (name) => Promise.resolve(kept.get(name)),
    save: (name, text) => Promise.resolve(void kept.set(name, text)),
  };

  beforeEach(() => {
    scope = new Scope('test');
    clock = new HandClock();
    kept = new Map();
  });
  afterEach(async () => {
    scope.dispose();
    await settle();
  });

  const request = (resource = 'samples'): TableRequest => ({
    served: { group: '', version: 'v1', resource, verbs: ['list', 'watch'], namespaced: true },
    descriptor: resource === 'samples' ? sampleKind : { ...sampleKind, resource },
    namespaces: null,
  });

  /** A run of the app: opens the table, lets it live, closes it. */
  async function session(script: Script, resource?: string) {
    const caches = new Caches({ api: new ScriptedApi(clock, script), clock, keep }, scope.child('session'));
    const use = new AbortController();
    const shared = caches.acquire(request(resource), use.signal);
    await settle();
    return { caches, shared };
  }
  const names = (table: Table): string[] => {
    const found: string[] = [];
    for (let row = 0; row < table.top; row++) if (table.alive[row] === 1) found.push(table.name(row));
    return found.sort();
  };
  const holding =
    (...list: string[]): Script =>
    (asked) => {
      if (asked.watch) return asked.send('\n');
      asked.send(listOf(list, '10'));
      asked.end();
    };
  const silent: Script = () => undefined;

  it('shows the rows of last time as stale, with their age, until the list is whole', async () => {
    const first = await session(holding('a', 'b'));
    expect(first.shared.state.phase).toBe('live');
    const closedAt = clock.now();
    await first.caches.close();
    await clock.advance(3_600_000);
    let answer: () => void = () => undefined;
    const second = await session((asked) => {
      if (asked.watch) return asked.send('\n');
      answer = () => {
        asked.send(listOf(['b', 'c'], '20'));
        asked.end();
      };
    });
    expect(names(second.shared.table)).toEqual(['a', 'b']);
    expect(second.shared.state).toMatchObject({ phase: 'stale', since: closedAt });
    answer();
    await settle();
    expect(second.shared.state.phase).toBe('live');
    expect(names(second.shared.table)).toEqual(['b', 'c']);
  });

  it('stays stale, not empty, when the server cannot be reached', async () => {
    await (await session(holding('a'))).caches.close();
    const { shared } = await session((asked) => asked.refuse({ code: 'refused', message: 'Refused.' }));
    expect(shared.state).toMatchObject({ phase: 'stale', error: { code: 'refused' } });
    expect(names(shared.table)).toEqual(['a']);
  });

  it('forgets them when they may not be read any more', async () => {
    await (await session(holding('a'))).caches.close();
    const { shared } = await session((asked) =>
      asked.refuse({ code: 'forbidden', message: 'No.', status: 403 }),
    );
    expect(shared.state.phase).toBe('denied');
    expect(names(shared.table)).toEqual([]);
  });

  it('never keeps Secrets, nor rows of a list that is not whole', async () => {
    await (await session(holding('a'), 'secrets')).caches.close();
    await (await session(silent)).caches.close();
    expect(kept.size).toBe(0);
  });

  it('keeps what changed every two minutes while it is looked at', async () => {
    let send: (text: string) => void = () => undefined;
    const { caches } = await session((asked) => {
      if (asked.watch) {
        send = (text) => asked.send(text);
        return asked.send('\n');
      }
      asked.send(listOf(['a'], '10'));
      asked.end();
    });
    await clock.advance(KEEP_MS);
    await settle();
    const [text] = kept.values();
    expect(text).toContain('"a"');
    send(eventOf('ADDED', 'z', '11'));
    await settle();
    await clock.advance(KEEP_MS);
    await settle();
    expect([...kept.values()][0]).toContain('"z"');
    await caches.close();
  });
});
