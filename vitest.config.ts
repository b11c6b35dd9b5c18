import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      {
        plugins: [react()],
        test: {
          name: 'unit',
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
          include: [
            'src/**/*.test.ts',
            'src/**/*.test.tsx',
            'scripts/**/*.test.ts',
            'test/arch/**/*.test.ts',
            'test/kubeconfig/**/*.test.ts',
          ],
          setupFiles: ['test/setup/scopes.ts'],
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: 'integration',
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
          include: ['test/integration/**/*.test.ts'],
          setupFiles: ['test/setup/scopes.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'faults',
          // Most of them wait for something that does not come.
          maxWorkers: 3,
          sequence: { groupOrder: 1 },
          include: ['test/faults/**/*.test.ts'],
          setupFiles: ['test/setup/scopes.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
