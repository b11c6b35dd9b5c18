import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Plugin } from 'vite';

// The main side runs on Node 18 (Electron 25) and is bundled whole, as CommonJS: nothing
// of node_modules travels with the app. The renderer runs on Chrome 114.
const node = (entries: Record<string, string>) => ({
  build: {
    target: 'node18',
    sourcemap: true,
    minify: false,
    externalizeDeps: false,
    rollupOptions: {
      input: entries,
      external: ['electron', 'bufferutil', 'utf-8-validate', 'node-pty'],
      output: {
        format: 'cjs' as const,
        entryFileNames: '[name].js',
        chunkFileNames: 'chunks/[name]-[hash].js',
      },
    },
  },
});

/** Lists every file of the renderer in `files.json`; app:// serves those names and no other. */
const fileList = (): Plugin => ({
  name: 'binnacle-file-list',
  writeBundle: (options, bundle) => {
    const names = Object.keys(bundle).sort();
    writeFileSync(join(options.dir ?? 'out/renderer', 'files.json'), JSON.stringify(names));
  },
});

export default defineConfig({
  main: node({
    index: resolve('src/main/index.ts'),
    'cluster-host': resolve('src/main/cluster-host/index.ts'),
    'pty-host': resolve('src/main/pty-host/index.ts'),
    'demo-host': resolve('src/main/app/demo-host.ts'),
  }),
  preload: node({ index: resolve('src/preload/index.ts') }),
  renderer: {
    root: resolve('src/renderer'),
    plugins: [react(), fileList()],
    publicDir: false,
    // Inputs are checked by main and the hosts; the window only names the calls.
    resolve: { alias: { zod: resolve('src/renderer/data/no-zod.ts') } },
    build: {
      target: 'chrome114',
      minify: 'esbuild',
      sourcemap: false,
      assetsInlineLimit: 0,
      rollupOptions: { input: resolve('src/renderer/index.html') },
    },
  },
});
