/** What a server says on the channels of exec, for tests. */
import { AppFailure, type AppError } from '#shared/util/app-error';
import type { ExecRequest } from './exec-stream';

export const frame = (channel: number, data: string | Uint8Array): Buffer =>
  Buffer.concat([Buffer.from([channel]), typeof data === 'string' ? Buffer.from(data) : data]);
export const success = JSON.stringify({ metadata: {}, status: 'Success' });
export const exited = (code: string): string =>
  JSON.stringify({
    metadata: {},
    status: 'Failure',
    reason: 'NonZeroExitCode',
    details: { causes: [{ reason: 'ExitCode', message: code }] },
  });
export const failed = (message: string): string =>
  JSON.stringify({ metadata: {}, status: 'Failure', reason: 'InternalError', code: 500, message });

export const request: ExecRequest = {
  namespace: 'shop',
  pod: 'web',
  container: 'app',
  command: ['sh', '-c', 'echo $1 & more', 'a b'],
  tty: true,
  stdin: true,
};

export async function errorOf(promise: Promise<unknown>): Promise<AppError> {
  const thrown: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(thrown instanceof AppFailure)) throw new Error(`no AppFailure: ${String(thrown)}`);
  return thrown.error;
}
