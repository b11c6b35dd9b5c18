import react from '@vitejs/plugin-react';
import { resolve } from 'node:path';
import { defineConfig } from 'vite';

// `npx vite build -c test/shots/shell-preview/vite.config.ts`, then open out/shell-preview over HTTP.
export default defineConfig({
  root: resolve('test/shots/shell-preview'),
  base: './',
  plugins: [react()],
  build: {
    outDir: resolve('out/shell-preview'),
    emptyOutDir: true,
    target: 'chrome114',
    assetsInlineLimit: 0,
  },
});
