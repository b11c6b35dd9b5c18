// @vitest-environment jsdom
import { beforeEach, describe, expect, it } from 'vitest';
import { dropDraft, findDraft, holdsSecret, keepDraft } from './drafts';

const draft = (text: string) => ({ text, base: '{}', original: '', at: 1 });

describe('drafts', () => {
  beforeEach(() => localStorage.clear());

  it('keeps and drops', () => {
    expect(keepDraft('a', draft('kind: ConfigMap'))).toBe('stored');
    expect(localStorage.length).toBe(1);
    expect(findDraft('a')?.text).toBe('kind: ConfigMap');
    dropDraft('a');
    expect(findDraft('a')).toBeUndefined();
    expect(localStorage.length).toBe(0);
  });

  it.each(['kind: Secret', '{"kind": "Secret", "data": {}}', "- kind: 'Secret'", 'kind: SecretList'])(
    'never writes to the disk: %s',
    (text) => {
      keepDraft('s', draft('kind: ConfigMap'));
      expect(keepDraft('s', draft(text))).toBe('memory');
      expect(localStorage.length).toBe(0);
      expect(findDraft('s')?.text).toBe(text);
    },
  );

  it('knows other kinds of similar names', () => {
    expect(holdsSecret('kind: SecretStore')).toBe(false);
    expect(holdsSecret('kind: SealedSecret')).toBe(false);
  });

  it('survives what it cannot read', () => {
    localStorage.setItem('binnacle.draft:x', '{"text":1}');
    localStorage.setItem('binnacle.draft:y', '{');
    expect(findDraft('x')).toBeUndefined();
    expect(findDraft('y')).toBeUndefined();
  });
});
