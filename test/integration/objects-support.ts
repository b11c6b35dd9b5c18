/** A session on the real cluster with a namespace of its own, and kubectl beside it, for tests of edits. */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { objects, type WriteResult } from '#shared/contract/objects';
import type { InputOf } from '#shared/rpc/define';
import { RpcClient } from '#shared/rpc/client';
import { portPair } from '#shared/rpc/port';
import { Scope } from '#shared/rpc/scope';
import { serve } from '#shared/rpc/server';
import { openSession } from '../../src/main/cluster-host/session';
import { Kubeconfigs } from '../../src/main/kubeconfig/source';
import { realKubeconfig } from '../support/real-cluster';

const program = [
  '/var/cache/binnacle-cluster/bin/kubectl',
  '/usr/local/bin/kubectl',
  '/usr/bin/kubectl',
].find(existsSync);
const file = realKubeconfig();

/** Undefined: there is no real cluster, or no kubectl. */
export const realCluster = program === undefined ? undefined : file;

export type WriteInput = InputOf<(typeof objects)['members']['write']>;

export interface Bench {
  readonly client: RpcClient;
  readonly namespace: string;
  kube(input: unknown, ...args: string[]): string;
  write(input: Partial<WriteInput> & { text: string }): Promise<WriteResult>;
  setReadOnly(on: boolean): void;
  close(): void;
}

/** kubectl; `input` is a manifest as text or object. */
function kube(input: unknown, ...args: string[]): string {
  const text = input === undefined ? undefined : typeof input === 'string' ? input : JSON.stringify(input);
  return execFileSync(program ?? '', ['--kubeconfig', file ?? '', ...args], {
    encoding: 'utf8',
    stdio: ['pipe', 'pipe', 'pipe'],
    maxBuffer: 64 * 1024 * 1024,
    ...(text === undefined ? {} : { input: text }),
  });
}

export async function openBench(prefix: string): Promise<Bench> {
  const namespace = `binnacle-${prefix}-${randomBytes(3).toString('hex')}`;
  kube(undefined, 'create', 'namespace', namespace);
  const scope = new Scope(prefix);
  const source = new Kubeconfigs({ scope, environment: { KUBECONFIG: file ?? '' } });
  const state = await source.start();
  const context = source.resolve(state.current ?? '');
  const session = openSession({ context, environment: {}, scope: scope.child('session') });
  const [near, far] = portPair();
  serve(far, session.services, scope);
  const client = new RpcClient(near);
  return {
    client,
    namespace,
    kube,
    write: (input) =>
      client.call(objects, 'write', { how: 'update', dryRun: false, force: false, reveal: false, ...input }),
    setReadOnly: (on) => session.setReadOnly(on),
    close: () => {
      kube(undefined, 'delete', 'namespace', namespace, '--wait=false');
      scope.dispose();
    },
  };
}

export function refusedBy(result: WriteResult): Extract<WriteResult, { ok: false }> {
  if (result.ok) throw new Error('was not refused');
  return result;
}

export function written(result: WriteResult): Extract<WriteResult, { ok: true }> {
  if (!result.ok) throw new Error(`${result.refusal}: ${result.error.message}`);
  return result;
}
