/** What maps are asked for and know in tests, where a test does not say otherwise. */
import type { MapFacts, MapQuery, MapTone } from './types';

export function mapQuery(change: Partial<MapQuery> = {}): MapQuery {
  return {
    view: 'apps',
    namespaces: ['a'],
    depth: 2,
    groupBy: 'app',
    expanded: [],
    expandAll: false,
    text: '',
    kinds: [],
    tones: [],
    ...change,
  };
}

/** Nobody has a state, everything was read. */
export function mapFacts(change: Partial<MapFacts> = {}): MapFacts {
  return {
    tag: (_group, kind) => kind,
    health: () => undefined,
    badge: () => '',
    known: () => 'read',
    ...change,
  };
}

/** The state of an object is its label `tone` here: maps only pass states on. */
export function toneHealth(words: (tone: MapTone) => string): MapFacts['health'] {
  return (node) => {
    const tone = node.labels['tone'] as MapTone | undefined;
    return tone && { tone, text: words(tone) };
  };
}
