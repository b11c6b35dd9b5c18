import { describe, expect, it } from 'vitest';
import { rulesOfDraft } from './rule-draft';

describe('rulesOfDraft', () => {
  it('keeps groups apart, so that no pair is granted that nobody named (A9)', () => {
    expect(
      rulesOfDraft([{ verbs: 'get, list', targets: 'pods, deployments.apps/scale pods/log', names: 'a' }]),
    ).toEqual([
      { apiGroups: [''], resources: ['pods', 'pods/log'], resourceNames: ['a'], verbs: ['get', 'list'] },
      { apiGroups: ['apps'], resources: ['deployments/scale'], resourceNames: ['a'], verbs: ['get', 'list'] },
    ]);
  });

  it('makes URLs a rule of their own and leaves out halves', () => {
    expect(rulesOfDraft([{ verbs: 'get', targets: '/healthz', names: '' }])).toEqual([
      { nonResourceURLs: ['/healthz'], verbs: ['get'] },
    ]);
    expect(rulesOfDraft([{ verbs: 'get', targets: ' ', names: '' }])).toEqual([]);
    expect(rulesOfDraft([{ verbs: '', targets: 'pods', names: '' }])).toEqual([]);
  });
});
