/**
 * Measured code is bundled as the app's own is. The loader of these files gives every function its name
 * when it is made, which costs code that makes many of them up to a third of its time.
 */
import { join } from 'node:path';
import { build } from 'vite';
import { root } from './electron';

const known = new Map<string, Promise<string>>();

/** The path of `test/bench/NAME.ts` as one CommonJS program, made once in a run. */
export function bundle(name: string): Promise<string> {
  let made = known.get(name);
  if (made === undefined) known.set(name, (made = write(name)));
  return made;
}

async function write(name: string): Promise<string> {
  const outDir = join(root, 'node_modules/.cache/bench');
  await build({
    configFile: false,
    root,
    logLevel: 'error',
    ssr: { noExternal: true },
    build: {
      ssr: join(root, 'test/bench', `${name}.ts`),
      outDir,
      emptyOutDir: false,
      target: 'node18',
      minify: false,
      rollupOptions: {
        external: ['electron', 'bufferutil', 'utf-8-validate', 'node-pty'],
        output: { format: 'cjs', entryFileNames: `${name}.cjs`, inlineDynamicImports: true },
      },
    },
  });
  return join(outDir, `${name}.cjs`);
}
