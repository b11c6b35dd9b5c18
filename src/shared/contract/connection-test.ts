/** The connection test of one cluster: each step as it ends. Holds no secret; served by the host. */
import { z } from 'zod';
import { slice, stream } from '../rpc/define';

export const testSteps = [
  'dns',
  'tcp',
  'tls',
  'credentials',
  'auth',
  'version',
  'latency',
  'health',
] as const;
export type TestStepId = (typeof testSteps)[number];

export interface TestStep {
  readonly id: TestStepId;
  readonly title: string;
  readonly state: 'ok' | 'warn' | 'failed' | 'skipped';
  readonly ms: number;
  readonly words: string;
  readonly details: readonly string[];
  readonly hint?: string;
  /** Signing in anew may help. */
  readonly signIn?: boolean;
}

export interface TestState {
  /** In order; those that have not ended are absent. */
  readonly steps: readonly TestStep[];
  readonly done: boolean;
}

export const connectionTest = slice('connectionTest', {
  /** `signIn`: forgets the cached credential first, so that a plugin runs again. */
  run: stream(z.object({ signIn: z.boolean().optional() }), z.never()).of<TestState>(),
});
