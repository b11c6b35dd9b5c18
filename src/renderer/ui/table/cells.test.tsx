// @vitest-environment jsdom
import { cleanup, render } from '@testing-library/react';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { copyText, mayOverflow, renderCell } from './cells';
import { cutMiddle, splitName } from './middle-text';
import { paintTimes } from './times';
import type { CellType, CellValue, ShownColumn, TableRow } from './types';

afterEach(cleanup);

const now = Date.parse('2026-03-01T12:00:00Z');
const column = (type: CellType): ShownColumn => ({
  id: 'c',
  title: 'C',
  type,
  cell: 0,
  px: 200,
  grows: false,
});
const row = (value: CellValue): TableRow => ({ id: 'r', name: 'web-0', namespace: 'shop', cells: [value] });

function shown(type: CellType, value: CellValue, quiet = false): string {
  const { container } = render(<>{renderCell(column(type), row(value), quiet)}</>);
  paintTimes(container, now);
  return container.textContent ?? '';
}

describe('cells', () => {
  const table: readonly (readonly [CellType, CellValue, string])[] = [
    ['text', 'ReplicaSet a', 'ReplicaSet a'],
    ['text', 'a\u202eb', 'a\\u202eb'],
    ['text', null, '–'],
    ['number', 0, '0'],
    ['bytes', 64 * 1024 * 1024, '64 MiB'],
    ['percent', 0.256, '26%'],
    ['time', now - 41 * 60_000, '41m'],
    ['status', ['bad', 'CrashLoop, exit 3', null], 'CrashLoop, exit 3'],
    ['status', ['progress', 'Terminating', now + 18_000], 'Terminating, 18s left'],
    ['ratio', [1, 2], '1/2'],
    ['cpu-use', [0.25, 1], '250m'],
    ['bytes-use', [2 ** 20, null], '1 MiB'],
    ['restarts', [5, now - 120_000], '5, 2m ago'],
    ['restarts', [0, null], '0'],
  ];
  it.each(table)('%s %j is %s', (type, value, text) => expect(shown(type, value)).toBe(text));

  it('marks a shortfall, but not of a finished row', () => {
    const look = (quiet: boolean): string =>
      render(<>{renderCell(column('ratio'), row([0, 1]), quiet)}</>).container.firstElementChild?.className ??
      '';
    expect(look(false)).toMatch(/warn/);
    expect(look(true)).not.toMatch(/warn/);
  });

  it('copies times as timestamps', () => {
    expect(copyText(column('time'), row(now), now)).toBe('2026-03-01T12:00:00.000Z');
  });

  it('splits a name without losing a character, and never inside one', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 70 }), (name) => {
        const [head, tail] = splitName(name);
        expect(head + tail).toBe(name);
        expect(/[\ud800-\udbff]$/.test(head) && /^[\udc00-\udfff]/.test(tail)).toBe(false);
      }),
    );
    expect(splitName('frontend-69c5d7f8b9-7xc9p')).toEqual(['frontend-69c5d7f8b9', '-7xc9p']);
  });

  it('cuts the middle so that what is shown fits and leaves less than a character free', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[a-z0-9-]{14,80}$/),
        fc.integer({ min: 100, max: 500 }),
        (name, room) => {
          const parts = cutMiddle(name, room, () => 7);
          const shown = parts ? parts[0].length + parts[2].length + 1 : name.length;
          expect(shown * 7).toBeLessThanOrEqual(room);
          if (!parts) return;
          expect(parts.join('')).toBe(name);
          expect(shown * 7).toBeGreaterThan(room - 7);
        },
      ),
    );
    expect(cutMiddle('kwok-node-17', 77, () => 7)).toEqual(['kwok-no', 'de', '-17']);
    expect(cutMiddle('a-short-name', 70, () => 7)).toEqual(['a-short-n', 'ame', '']);
    expect(cutMiddle('frontend-69c5d7f8b9-7xc9p', 140, () => 7)).toEqual([
      'frontend-69c5',
      'd7f8b9',
      '-7xc9p',
    ]);
  });

  const fitting: readonly (readonly [CellType, CellValue, number, boolean])[] = [
    ['text', 'a'.repeat(20), 164, false],
    ['text', 'a'.repeat(20), 163, true],
    ['text', 'é', 200, true],
    ['text', null, 44, false],
    ['number', 7, 44, false],
    ['status', ['ok', 'Running', null], 89, false],
    ['status', ['ok', 'Running', null], 88, true],
    ['status', ['progress', 'Terminating', now], 180, true],
    ['restarts', [5, null], 44, false],
    ['restarts', [5, now], 44, true],
    ['ratio', [1, 2], 45, false],
    ['mono', 'x'.repeat(200), 100, false],
    ['mono', 'x\u202ey', 100, true],
    ['bytes-use', [1, 2], 500, true],
  ];
  it.each(fitting)('clips %s %j of %i px: %s', (type, value, px, clipped) =>
    expect(mayOverflow({ ...column(type), px }, row(value))).toBe(clipped),
  );

  it('colours a bar near a limit, never over a request', () => {
    const bar = (value: CellValue): string | undefined => {
      const { container } = render(<>{renderCell(column('bytes-use'), row(value), false)}</>);
      return container.querySelector<HTMLElement>('[style]')?.dataset['tone'];
    };
    expect([bar([50, 100]), bar([80, 100]), bar([95, 100]), bar([95, -10]), bar([95, null])]).toEqual([
      undefined,
      'warn',
      'bad',
      undefined,
      undefined,
    ]);
  });
});
