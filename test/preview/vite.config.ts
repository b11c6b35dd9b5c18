import react from '@vitejs/plugin-react';
import { resolve } from 'node:path';
import { defineConfig } from 'vite';

// `npx vite build -c test/preview/vite.config.ts`, then open out/preview/index.html over HTTP.
export default defineConfig({
  root: resolve('test/preview'),
  base: './',
  plugins: [react()],
  build: { outDir: resolve('out/preview'), emptyOutDir: true, target: 'chrome114' },
});
