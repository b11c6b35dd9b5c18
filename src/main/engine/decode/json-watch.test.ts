import { describe, expect, it } from 'vitest';
import { jsonWatchDecoder } from './json-watch';
import { encoder, eventsOf, identity, line } from './json-test-help';
import type { WatchEvent } from './types';

describe('watches', () => {
  it('splits at line feeds only', () => {
    const text = line('ADDED', { metadata: { name: 'a\u2028b', uid: 'u\r' } });
    const [event] = eventsOf(`\n${text}\r\n${text.slice(0, -1)}`);
    expect(event).toMatchObject({ type: 'ADDED', object: { metadata: { name: 'a\u2028b', uid: 'u\r' } } });
    expect(eventsOf(`\n${text}\r\n${text.slice(0, -1)}`)).toHaveLength(1);
  });

  it('reads the object before its type', () => {
    const text = `{"object":${JSON.stringify(identity)},"type":"DELETED"}\n`;
    expect(eventsOf(text)).toMatchObject([{ type: 'DELETED', object: identity }]);
  });

  it('reads bookmarks, errors and what it does not know', () => {
    const events = eventsOf(
      line('BOOKMARK', { metadata: { resourceVersion: '7' } }) +
        line('BOOKMARK', {
          metadata: { resourceVersion: '8', annotations: { 'k8s.io/initial-events-end': 'true' } },
        }) +
        line('BOOKMARK', {}) +
        line('ERROR', { kind: 'Status', code: 410, reason: 'Expired', message: 'too old' }) +
        line('WHATEVER', {}) +
        line('ADDED', { metadata: null }) +
        'garbage\n',
    );
    expect(events.map((event) => event.type)).toEqual([
      'BOOKMARK',
      'BOOKMARK',
      'SKIPPED',
      'ERROR',
      'SKIPPED',
      'SKIPPED',
      'SKIPPED',
    ]);
    expect(events[1]).toEqual({ type: 'BOOKMARK', resourceVersion: '8', initialEventsEnd: true });
    expect(events[3]).toMatchObject({ status: { code: 410, reason: 'Expired' } });
  });

  it('drops one endless line and goes on with the next', () => {
    const text = `{"type":"ADDED","object":{"x":"${'y'.repeat(150_000)}"}}\n${line('ADDED', identity)}`;
    const events = eventsOf(text, [1000, 60_000, 120_000, 149_000]);
    expect(events).toMatchObject([{ type: 'SKIPPED', error: { code: 'too-large' } }, { type: 'ADDED' }]);
  });

  it('reads Table events and their bookmarks', () => {
    const events: WatchEvent[] = [];
    const decoder = jsonWatchDecoder({ mask: {}, table: true, onEvent: (event) => events.push(event) });
    const object = { metadata: { ...identity.metadata, resourceVersion: '9' } };
    decoder.push(encoder.encode(line('ADDED', { kind: 'Table', rows: [{ cells: ['n'], object }] })));
    decoder.push(
      encoder.encode(line('BOOKMARK', { kind: 'Table', metadata: {}, rows: [{ cells: [], object }] })),
    );
    expect(events).toMatchObject([
      { type: 'ADDED', object: { cells: ['n'], metadata: { name: 'n' } } },
      { type: 'BOOKMARK', resourceVersion: '9' },
    ]);
  });
});
