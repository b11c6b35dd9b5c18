/**
 * Who may import whom, as one table. `wallProblem` judges a single import from its
 * text alone (no file is read), so the lint rule, the editor and the tests agree.
 * It does not find cycles inside a layer and does not look at what a package does.
 */
import { builtinModules } from 'node:module';
import { posix } from 'node:path';

const react = ['react', 'react-dom'];
const screens = [
  ...react,
  '@mantine/core',
  '@mantine/hooks',
  '@mantine/spotlight',
  '@tabler/icons-react',
  '@tanstack/react-table',
  '@tanstack/react-virtual',
];
const editor = [
  '@codemirror/commands',
  '@codemirror/lang-yaml',
  '@codemirror/language',
  '@codemirror/search',
  '@codemirror/state',
  '@codemirror/view',
  '@codemirror/autocomplete',
  '@codemirror/lint',
  '@codemirror/merge',
  '@lezer/highlight',
  '@prometheus-io/codemirror-promql',
];
const terminal = [
  '@xterm/xterm',
  '@xterm/addon-fit',
  '@xterm/addon-search',
  '@xterm/addon-unicode11',
  '@xterm/addon-web-links',
  '@xterm/addon-webgl',
];
const fonts = ['@fontsource-variable/inter', '@fontsource-variable/jetbrains-mono'];

/**
 * @typedef {object} Layer
 * @property {string} name what a message calls it
 * @property {string} path a folder (ending in `/`) or one file, from the root
 * @property {readonly string[]} layers names of the layers it may import; itself always, `*` is all
 * @property {readonly string[]} packages npm packages it may import; `*` is all
 * @property {boolean} [node] may import Node's own modules
 * @property {readonly string[]} [types] layers it may import with `import type` only
 * @property {boolean} [siblings] its folders are features: one never imports another
 */

/** First match wins, so a narrower path stands before a wider one. @type {readonly Layer[]} */
export const layers = [
  { name: 'shared/util', path: 'src/shared/util/', layers: [], packages: ['zod'] },
  { name: 'shared/k8s', path: 'src/shared/k8s/', layers: ['shared/util'], packages: ['zod'] },
  { name: 'shared/rpc', path: 'src/shared/rpc/', layers: ['shared/util'], packages: ['zod'] },
  {
    name: 'shared/domain',
    path: 'src/shared/domain/',
    layers: ['shared/util', 'shared/k8s'],
    packages: ['zod'],
  },
  {
    name: 'shared/kinds',
    path: 'src/shared/kinds/',
    layers: ['shared/util', 'shared/k8s', 'shared/domain'],
    packages: ['zod'],
  },
  {
    name: 'shared/contract',
    path: 'src/shared/contract/',
    layers: ['shared/util', 'shared/k8s', 'shared/domain', 'shared/kinds', 'shared/rpc'],
    packages: ['zod'],
  },

  {
    name: 'main/kubeconfig',
    path: 'src/main/kubeconfig/',
    layers: ['shared'],
    packages: ['yaml', 'zod'],
    node: true,
  },
  {
    name: 'main/k8s',
    path: 'src/main/k8s/',
    layers: ['shared', 'main/kubeconfig'],
    packages: ['@kubernetes/client-node', 'ws', 'yaml', 'zod'],
    node: true,
  },
  {
    name: 'main/engine',
    path: 'src/main/engine/',
    layers: ['shared', 'main/k8s'],
    packages: ['zod'],
    node: true,
  },
  {
    name: 'main/features',
    path: 'src/main/features/',
    layers: ['shared', 'main/kubeconfig', 'main/k8s', 'main/engine'],
    packages: ['@kubernetes/client-node', 're2js', 'tar-stream', 'yaml', 'zod'],
    node: true,
    siblings: true,
  },
  {
    name: 'main/cluster-host',
    path: 'src/main/cluster-host/',
    layers: ['shared', 'main/kubeconfig', 'main/k8s', 'main/engine', 'main/features'],
    packages: ['zod'],
    node: true,
  },
  {
    name: 'main/pty-host',
    path: 'src/main/pty-host/',
    layers: ['shared', 'main/kubeconfig', 'main/k8s', 'main/cluster-host'],
    packages: ['node-pty', 'zod'],
    node: true,
  },
  {
    // Programs that ask the engine and the domain from a command line, as tests and people do.
    name: 'main/oracle',
    path: 'src/main/oracle/',
    layers: ['shared', 'main/kubeconfig', 'main/k8s', 'main/engine', 'main/features', 'main/cluster-host'],
    packages: ['yaml', 'zod'],
    node: true,
  },
  {
    name: 'main/app',
    path: 'src/main/app/',
    layers: ['shared', 'main/kubeconfig', 'main/cluster-host', 'main/pty-host', 'demo'],
    packages: ['electron', 'zod'],
    node: true,
  },
  {
    name: 'main/index.ts',
    path: 'src/main/index.ts',
    layers: ['shared', 'main', 'demo'],
    packages: ['electron'],
    node: true,
  },
  { name: 'preload', path: 'src/preload/', layers: [], types: ['shared'], packages: ['electron'] },
  { name: 'demo', path: 'src/demo/', layers: ['shared'], packages: ['ws', 'yaml', 'zod'], node: true },

  {
    name: 'renderer/ui',
    path: 'src/renderer/ui/',
    layers: ['shared/util'],
    packages: [...screens, ...editor, ...terminal, ...fonts, 'recharts'],
  },
  {
    name: 'renderer/data',
    path: 'src/renderer/data/',
    layers: ['shared', 'renderer/ui'],
    packages: [...screens, '@tanstack/react-query', 'zustand', 'zod'],
  },
  {
    name: 'renderer/features',
    path: 'src/renderer/features/',
    layers: ['shared', 'renderer/data', 'renderer/ui'],
    packages: [...screens, '@tanstack/react-query', 'yaml', 'zustand', 'zod'],
    siblings: true,
  },
  {
    name: 'renderer/app',
    path: 'src/renderer/app/',
    layers: ['shared', 'renderer'],
    packages: [...screens, '@tanstack/react-query', 'zustand', 'zod'],
  },
  {
    name: 'renderer',
    path: 'src/renderer/',
    layers: ['shared', 'renderer'],
    packages: [...screens, ...fonts, '@tanstack/react-query'],
  },

  { name: 'test', path: 'test/', layers: ['*'], packages: ['*'], node: true },
  { name: 'scripts', path: 'scripts/', layers: ['shared', 'demo'], packages: ['*'], node: true },
];

const builtins = new Set(builtinModules);
/** Config files at the root are tools' business. */
const rootLayer = { name: 'root', path: '', layers: ['scripts'], packages: ['*'], node: true };
/** Anything in src/ that the table does not know may import nothing: a new folder gets a row first. */
const strayLayer = { name: 'a folder without a layer', path: 'src/', layers: [], packages: [] };

/** @param {string} file from the root, with `/` @returns {Layer} */
export function layerOf(file) {
  for (const layer of layers) {
    if (layer.path.endsWith('/') ? file.startsWith(layer.path) : file === layer.path) return layer;
  }
  return file.startsWith('src/') ? strayLayer : rootLayer;
}

/** Tests beside the code see what they test and the test support; they are in no product. */
export function isTest(file) {
  return file.startsWith('test/') || /\.test\.tsx?$/.test(file);
}

/**
 * Why `file` must not import `specifier`, or null when it may.
 * @param {string} file from the root, with `/`
 * @param {string} specifier as written
 * @param {boolean} typeOnly `import type`
 * @returns {string | null}
 */
export function wallProblem(file, specifier, typeOnly = false) {
  if (isTest(file)) return null;
  const layer = layerOf(file);
  const target = inRepo(file, specifier);
  return target === null
    ? packageProblem(layer, specifier)
    : fileProblem(layer, file, target, specifier, typeOnly);
}

/** @returns {string | null} path from the root, or null for a package or Node module */
function inRepo(file, specifier) {
  const path = specifier.replace(/\?.*$/, '');
  if (path.startsWith('#shared/')) return `src/shared/${path.slice('#shared/'.length)}`;
  if (path.startsWith('.')) return posix.join(posix.dirname(file), path);
  if (path.startsWith('/')) return path.slice(1);
  return null;
}

function fileProblem(layer, file, target, specifier, typeOnly) {
  if (isTest(`${target}/`) || isTest(target) || isTest(`${target}.ts`)) {
    return `nothing imports tests, and ${specifier} is one`;
  }
  const other = layerOf(/\.[a-z]+$/.test(target) ? target : `${target}.ts`);
  if (other === layer) {
    const mine = feature(layer, file);
    const theirs = feature(layer, target);
    return layer.siblings && mine !== theirs ? `feature ${mine} must not import feature ${theirs}` : null;
  }
  if (mayImport(layer.layers, other.name)) return null;
  if (layer.types && mayImport(layer.types, other.name)) {
    return typeOnly ? null : `${layer.name} may import only types of ${other.name}: use import type`;
  }
  return `${layer.name} must not import ${other.name}`;
}

/** First folder below a layer of features; files beside the folders form the list and count as one. */
function feature(layer, path) {
  const rest = path.slice(layer.path.length);
  return rest.includes('/') ? rest.slice(0, rest.indexOf('/')) : rest;
}

function packageProblem(layer, specifier) {
  const name = packageName(specifier);
  if (specifier.startsWith('node:') || builtins.has(name)) {
    return layer.node ? null : `${layer.name} must not import Node's ${specifier}`;
  }
  if (layer.packages.includes('*') || layer.packages.includes(name)) return null;
  return `${layer.name} must not import the package ${name} (scripts/lint/layers.mjs lists what it may)`;
}

function packageName(specifier) {
  const parts = specifier.split('/');
  return specifier.startsWith('@') ? parts.slice(0, 2).join('/') : parts[0];
}

/** `shared` stands for `shared/util`, `shared/rpc` and the rest below it. */
function mayImport(allowed, name) {
  return allowed.some((entry) => entry === '*' || entry === name || name.startsWith(`${entry}/`));
}
