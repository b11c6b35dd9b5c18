/** `npm ci` must work on a fresh machine of any platform: it refuses a lockfile with gaps. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';

interface Locked {
  readonly version?: string;
  readonly integrity?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const root = resolve(import.meta.dirname, '../..');
const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
  packages: Readonly<Record<string, Locked>>;
};

it('the lockfile pins every package, those of other platforms too', () => {
  const gaps: string[] = [];
  for (const [path, { version, integrity, optionalDependencies }] of Object.entries(lock.packages)) {
    if (path !== '' && !(version && integrity)) gaps.push(`${path} is not pinned`);
    for (const name of Object.keys(optionalDependencies ?? {})) {
      const places = [`${path}/node_modules/${name}`, `node_modules/${name}`];
      if (!places.some((place) => lock.packages[place])) gaps.push(`${path} lacks ${name}`);
    }
  }
  expect(gaps).toEqual([]);
});
