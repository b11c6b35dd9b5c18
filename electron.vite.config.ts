import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import { resolve } from 'node:path';

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

export default defineConfig({
  main: node({
    index: resolve('src/main/index.ts'),
    'cluster-host': resolve('src/main/cluster-host/index.ts'),
  }),
  preload: node({ index: resolve('src/preload/index.ts') }),
  renderer: {
    root: resolve('src/renderer'),
    plugins: [react()],
    build: {
      target: 'chrome114',
      sourcemap: false,
      assetsInlineLimit: 0,
      rollupOptions: { input: resolve('src/renderer/index.html') },
    },
  },
});
