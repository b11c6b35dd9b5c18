/** What a hostile container puts into its tar never leaves the folder, and never fills the disk. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ArchiveGuard, usualLimits, type ArchiveEntry } from './archive-guard';

const file = (name: string, more: Partial<ArchiveEntry> = {}): ArchiveEntry => ({
  name,
  type: 'file',
  size: 1,
  ...more,
});
const judge = (entry: ArchiveEntry, windows = false) =>
  new ArchiveGuard(['data'], usualLimits, windows).judge(entry);

describe('archive guard', () => {
  it.each(['../x', 'data/../../x', '/etc/passwd', 'data/..', 'other/x', 'C:/x', 'data/a\0b', '..'])(
    'refuses the whole archive for %j',
    (name) => expect(judge(file(name)).kind).toBe('refuse'),
  );

  it.each(['symlink', 'link', 'character-device', 'block-device', 'fifo', 'something-new'])(
    'leaves out an entry of type %s',
    (type) => expect(judge(file('data/x', { type })).kind).toBe('skip'),
  );

  it.each(['data/CON', 'data/a:b', 'data/a\\..\\b', 'data/x.', 'data/nul.txt'])(
    'leaves out %j on Windows only',
    (name) => {
      expect(judge(file(name), true).kind).toBe('skip');
      expect(judge(file(name)).kind).toBe('file');
    },
  );

  it('counts entries and bytes before anything is written', () => {
    const guard = new ArchiveGuard(['data'], { entries: 3, bytes: 100 }, false);
    expect(guard.judge(file('data/a', { size: 60 })).kind).toBe('file');
    expect(guard.judge(file('data/b', { size: 60 })).kind).toBe('refuse');
    const many = new ArchiveGuard(['data'], { entries: 2, bytes: 100 }, false);
    for (const name of ['data/a', 'data/b']) expect(many.judge(file(name)).kind).toBe('file');
    expect(many.judge(file('data/c')).kind).toBe('refuse');
    expect(judge(file('data/x', { size: NaN })).kind).toBe('refuse');
  });

  it('never passes a path that is not below what was asked for', () => {
    const part = fc.constantFrom('data', '..', '.', '', 'x', '/', '\\', 'a b', 'é');
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
        const judged = judge(file(parts.join('/')));
        if (judged.kind !== 'file') return;
        expect(judged.parts[0]).toBe('data');
        expect(
          judged.parts.some((one) => one === '..' || one === '.' || one === '' || one.includes('/')),
        ).toBe(false);
      }),
    );
  });
});
