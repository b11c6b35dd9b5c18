/**
 * The walls stand: the table refuses each forbidden import, and `npm run -s lint`, run
 * as it stands in package.json on a tree with planted imports, fails on each of them.
 */
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { wallProblem } from '../../scripts/lint/layers.mjs';

const root = resolve(import.meta.dirname, '../..');

interface Wall {
  readonly wall: string;
  readonly file: string;
  readonly code: string;
  /** Part of the message that must be reported. */
  readonly says: string;
}

const use = (from: string): string => `import { x } from '${from}';\nexport const y = x;\n`;

const walls: readonly Wall[] = [
  {
    wall: 'shared imports only itself and zod',
    file: 'src/shared/domain/planted-package.ts',
    code: use('yaml'),
    says: 'package yaml',
  },
  {
    wall: 'shared does no I/O',
    file: 'src/shared/util/planted-node.ts',
    code: use('node:fs'),
    says: "Node's node:fs",
  },
  {
    wall: 'shared/domain does not know kinds',
    file: 'src/shared/domain/planted-order.ts',
    code: use('../kinds/define'),
    says: 'must not import shared/kinds',
  },
  {
    wall: 'shared does not know main',
    file: 'src/shared/contract/planted-main.ts',
    code: use('../../main/k8s/api'),
    says: 'must not import main/k8s',
  },
  {
    wall: 'electron stays in main/app',
    file: 'src/main/engine/planted-electron.ts',
    code: use('electron'),
    says: 'package electron',
  },
  {
    wall: 'the engine does not know features',
    file: 'src/main/engine/planted-feature.ts',
    code: use('../features/resources/feed'),
    says: 'must not import main/features',
  },
  {
    wall: 'the main side does not know the renderer',
    file: 'src/main/app/planted-renderer.ts',
    code: use('../../renderer/data/ports'),
    says: 'must not import renderer/data',
  },
  {
    wall: 'features of the main side do not import each other',
    file: 'src/main/features/logs/planted.ts',
    code: use('../resources/feed'),
    says: 'feature logs must not import feature resources',
  },
  {
    wall: 'features of the renderer do not import each other',
    file: 'src/renderer/features/logs/Planted.tsx',
    code: use('../resources/KindPage'),
    says: 'feature logs must not import feature resources',
  },
  {
    wall: 'renderer/ui does not know RPC',
    file: 'src/renderer/ui/planted-rpc.ts',
    code: use('#shared/rpc/client'),
    says: 'must not import shared/rpc',
  },
  {
    wall: 'renderer/ui does not know Kubernetes',
    file: 'src/renderer/ui/planted-kinds.ts',
    code: use('#shared/k8s/gvr'),
    says: 'must not import shared/k8s',
  },
  {
    wall: 'the renderer has no Node',
    file: 'src/renderer/app/planted-node.ts',
    code: `export const later = (): Promise<unknown> => import('node:child_process');\n`,
    says: "Node's node:child_process",
  },
  {
    wall: 'the renderer does not import electron',
    file: 'src/renderer/data/planted-electron.ts',
    code: use('electron'),
    says: 'package electron',
  },
  {
    wall: 'the renderer does not import the main side, not even its types',
    file: 'src/renderer/features/pods/planted-main.ts',
    code: `import type { Api } from '../../../main/k8s/api';\nexport type Mine = Api;\n`,
    says: 'must not import main/k8s',
  },
  {
    wall: 'preload takes types only',
    file: 'src/preload/planted.ts',
    code: use('#shared/contract/app'),
    says: 'use import type',
  },
  {
    wall: 'nothing imports tests',
    file: 'src/demo/planted-test.ts',
    code: use('../../test/setup/scopes'),
    says: 'nothing imports tests',
  },
  {
    wall: 'an unknown package fails in any layer',
    file: 'src/main/k8s/planted-package.ts',
    code: `export { default as pad } from 'left-pad';\n`,
    says: 'package left-pad',
  },
  {
    wall: 'require is an import',
    file: 'src/main/kubeconfig/planted-require.ts',
    code: `export const fs: unknown = require('electron');\n`,
    says: 'package electron',
  },
  {
    wall: 'a new folder gets a row first',
    file: 'src/extra/planted.ts',
    code: use('zod'),
    says: 'a folder without a layer',
  },
];

/** Other promises of the lint configuration, each broken once. */
const rules: readonly { rule: string; file: string; code: string }[] = [
  {
    rule: 'max-lines',
    file: 'src/shared/util/planted-long.ts',
    code: 'export const a = 1;\n' + '// line\n'.repeat(400),
  },
  {
    rule: 'no-restricted-syntax',
    file: 'src/shared/util/planted-default.ts',
    code: 'export default function planted(): void {}\n',
  },
  {
    rule: 'no-restricted-syntax',
    file: 'src/shared/util/planted-barrel.ts',
    code: `export * from './planted-default';\n`,
  },
  {
    rule: '@typescript-eslint/no-explicit-any',
    file: 'src/main/k8s/planted-any.ts',
    code: 'export const a = (value: any): void => void value;\n',
  },
  {
    rule: '@typescript-eslint/no-floating-promises',
    file: 'src/main/k8s/planted-floating.ts',
    code: 'export function a(): void {\n  Promise.resolve();\n}\n',
  },
  { rule: 'no-console', file: 'src/main/k8s/planted-console.ts', code: `console.log('planted');\n` },
  {
    rule: 'react-hooks/rules-of-hooks',
    file: 'src/renderer/ui/PlantedHook.tsx',
    code: `import { useState } from 'react';\nexport function Planted({ on }: { on: boolean }): null {\n  if (on) useState(1);\n  return null;\n}\n`,
  },
];

const allowed: readonly (readonly [file: string, specifier: string])[] = [
  ['src/shared/contract/app.ts', '../rpc/define'],
  ['src/shared/contract/app.ts', 'zod'],
  ['src/main/k8s/transport.ts', 'node:https'],
  ['src/main/k8s/transport.ts', '#shared/util/app-error'],
  ['src/main/features/resources/feed.ts', './view'],
  ['src/main/app/window.ts', 'electron'],
  ['src/main/index.ts', './app/window'],
  ['src/renderer/features/pods/index.tsx', '../../ui/Age'],
  ['src/renderer/app/App.tsx', '../features/pods/index'],
  ['src/renderer/ui/Age.tsx', '@mantine/core/styles.css'],
  ['src/main/k8s/transport.test.ts', '../../../test/fixtures/server'],
  ['vitest.config.ts', 'vitest/config'],
];

interface Reported {
  readonly filePath: string;
  readonly messages: readonly { ruleId: string | null; message: string; severity: number }[];
}

let tree = '';
let exit = 0;
const reported = new Map<string, Reported['messages']>();
const clean = 'src/shared/util/planted-clean.ts';

beforeAll(async () => {
  tree = await mkdtemp(join(tmpdir(), 'binnacle-walls-'));
  const config = [
    'package.json',
    'eslint.config.mjs',
    'tsconfig.base.json',
    'tsconfig.lint.json',
    'scripts/lint',
  ];
  for (const path of config) await cp(join(root, path), join(tree, path), { recursive: true });
  // Linked package by package, so that the lint cache of the copy stays in the copy.
  await mkdir(join(tree, 'node_modules'));
  await symlink(join(root, 'node_modules', '.bin'), join(tree, 'node_modules', '.bin'));
  const packages = [
    '@eslint',
    '@types',
    'eslint',
    'eslint-plugin-react-hooks',
    'globals',
    'react',
    'typescript',
    'typescript-eslint',
    'vite',
  ];
  for (const name of packages) {
    await symlink(join(root, 'node_modules', name), join(tree, 'node_modules', name));
  }
  const files = [...walls, ...rules, { file: clean, code: 'export const one = 1;\n' }];
  for (const { file, code } of files) {
    await mkdir(dirname(join(tree, file)), { recursive: true });
    await writeFile(join(tree, file), code);
  }
  const out = await new Promise<string>((done) => {
    execFile(
      'npm',
      ['run', '-s', 'lint', '--', '--format', 'json'],
      { cwd: tree, maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) => {
        exit = error ? Number(error.code) : 0;
        done(stdout || stderr);
      },
    );
  });
  for (const { filePath, messages } of JSON.parse(out) as Reported[]) {
    reported.set(filePath.slice(tree.length + 1), messages);
  }
}, 120_000);

afterAll(() => rm(tree, { recursive: true, force: true }));

describe('npm run -s lint', () => {
  it('fails on a tree with forbidden imports', () => expect(exit).toBe(1));

  it('has nothing to say about a good file', () => expect(reported.get(clean)).toEqual([]));

  it.each(walls)('$wall', ({ file, says }) => {
    const found = (reported.get(file) ?? []).filter(({ ruleId }) => ruleId === 'binnacle/walls');
    expect(found.map(({ severity }) => severity)).toEqual([2]);
    expect(found[0]?.message).toContain(says);
  });

  it.each(rules)('$rule in $file', ({ rule, file }) => {
    const found = (reported.get(file) ?? []).filter(({ ruleId }) => ruleId === rule);
    expect(found.map(({ severity }) => severity)).toEqual([2]);
  });
});

describe('the table of layers', () => {
  it.each(allowed)('lets %s import %s', (file, specifier) => {
    expect(wallProblem(file, specifier)).toBeNull();
  });

  it('lets preload import a type of the contract', () => {
    expect(wallProblem('src/preload/index.ts', '#shared/contract/bridge', true)).toBeNull();
  });
});
