/**
 * Checks the four TypeScript projects, two at a time (each is a program of its own, so
 * that shared code proves it needs neither DOM nor Node). Prints what tsc prints; exits
 * with 1 when any project has an error.
 */
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');
const cache = join(root, 'node_modules', '.cache', 'tsc');
const projects = ['node', 'web', 'test', 'shared'];
const atOnce = 2;

/** @returns {Promise<boolean>} whether the project has no error */
function check(project) {
  return new Promise((resolve) => {
    const args = [
      tsc,
      '-p',
      `tsconfig.${project}.json`,
      '--noEmit',
      '--pretty',
      String(process.stdout.isTTY ?? false),
    ];
    args.push('--incremental', '--tsBuildInfoFile', join(cache, `${project}.tsbuildinfo`));
    const child = spawn(process.execPath, args, { cwd: root });
    const chunks = [];
    child.stdout.on('data', (chunk) => chunks.push(chunk));
    child.stderr.on('data', (chunk) => chunks.push(chunk));
    child.on('close', (code) => {
      const text = Buffer.concat(chunks).toString().trim();
      if (code !== 0) process.stdout.write(`tsconfig.${project}.json:\n${text}\n`);
      resolve(code === 0);
    });
  });
}

mkdirSync(cache, { recursive: true });
const waiting = [...projects];
let failed = 0;
async function work() {
  for (let project = waiting.shift(); project; project = waiting.shift()) {
    if (!(await check(project))) failed += 1;
  }
}
await Promise.all(Array.from({ length: atOnce }, work));
process.stdout.write(
  failed === 0
    ? `${projects.length} projects typecheck\n`
    : `${failed} of ${projects.length} projects have errors\n`,
);
process.exitCode = failed === 0 ? 0 : 1;
