import { defineConfig } from '@playwright/test';

// Every test opens the real app in a home of its own; one at a time, since they share the display.
export default defineConfig({
  testDir: 'test/e2e',
  outputDir: 'test-results',
  workers: 1,
  fullyParallel: false,
  forbidOnly: Boolean(process.env['CI']),
  // On a busy machine a test may starve: it gets a second chance there, and is told as flaky.
  retries: process.env['CI'] ? 1 : 0,
  // Tests that need the demo's own objects, and tests that need a cluster named by BINNACLE_TEST_KUBECONFIG.
  grepInvert: process.env['BINNACLE_TEST_KUBECONFIG'] ? /@demo/ : /@real/,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: process.env['CI'] ? [['list'], ['junit', { outputFile: 'test-results/e2e.xml' }]] : [['list']],
});
