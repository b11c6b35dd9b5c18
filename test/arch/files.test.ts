/** Names and sizes of files that lint does not see: CSS, and how a file is called. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const files = ['src', 'test', 'scripts'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(root.length + 1)),
);

describe('files', () => {
  it('are found', () => expect(files.length).toBeGreaterThan(20));

  it('are kebab-case, React components PascalCase', () => {
    const kebab = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z]+)+$/;
    const component = /^[A-Z][A-Za-z0-9]*(\.test)?\.tsx$/;
    const wrong = files.filter((file) => {
      if (!/\.(ts|tsx|css|mjs|mts)$/.test(file)) return false;
      const name = basename(file);
      return !kebab.test(name) && !component.test(name);
    });
    expect(wrong).toEqual([]);
  });

  it('of CSS have at most 400 lines', () => {
    const long = files.filter(
      (file) => file.endsWith('.css') && readFileSync(join(root, file), 'utf8').split('\n').length > 401,
    );
    expect(long).toEqual([]);
  });
});
