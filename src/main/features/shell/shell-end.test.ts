import { expect, it } from 'vitest';
import { AppFailure } from '#shared/util/app-error';
import type { Api } from '../../k8s/api';
import type { ExecEnd } from '../../k8s/exec-stream';
import { shellEnd } from './shell-end';

const target = { namespace: 'shop', pod: 'web', container: 'app', uid: 'u-1', restarts: 2 };
const { signal } = new AbortController();
const lost: ExecEnd = {
  error: { code: 'network', reason: 'ConnectionLost', message: 'The connection was lost.' },
};
const pod = (status: object, metadata: object = {}): object => ({
  metadata: { name: 'web', uid: 'u-1', ...metadata },
  status: { containerStatuses: [{ name: 'app', restartCount: 2, state: { running: {} }, ...status }] },
});
const ended = (exitCode: number, reason: string): object => ({ terminated: { exitCode, reason } });

/** Answers in turn; the last one for ever. */
function api(...answers: readonly (object | AppFailure)[]): { api: Api; asked: () => number } {
  let asked = 0;
  const json = (): Promise<unknown> => {
    const answer = answers[Math.min(asked, answers.length - 1)];
    asked += 1;
    return answer instanceof AppFailure ? Promise.reject(answer) : Promise.resolve(answer);
  };
  return { api: { json } as unknown as Api, asked: () => asked };
}
const end = (end: ExecEnd, ...answers: readonly (object | AppFailure)[]): Promise<ExecEnd> =>
  shellEnd(api(...answers).api, target, end, signal, 0);
const notFound = new AppFailure({ code: 'not-found', message: 'gone', status: 404 });
const forbidden = new AppFailure({ code: 'forbidden', message: 'no', status: 403 });

it.each<[string, ExecEnd, object | AppFailure, string]>([
  [
    'restarted',
    { code: 137 },
    pod({ restartCount: 3, lastState: ended(137, 'OOMKilled') }),
    'Container app was restarted (OOMKilled, exit code 137), and the shell ended with it.',
  ],
  [
    'ended',
    { code: 143 },
    pod({ state: ended(0, 'Completed') }),
    'Container app ended (exit code 0), and the shell ended with it.',
  ],
  [
    'cut by a restart',
    lost,
    pod({ restartCount: 3 }),
    'Container app was restarted, and the shell ended with it.',
  ],
  ['deleted', lost, notFound, 'Pod web was deleted, and the shell with it.'],
  [
    'going away',
    { code: 137 },
    pod({}, { deletionTimestamp: 'now' }),
    'Pod web is being deleted, and its shells with it.',
  ],
  [
    'replaced',
    lost,
    pod({}, { uid: 'u-2' }),
    'Pod web was replaced by another one of that name, and the shell went with it.',
  ],
])('says that what it ran in was %s, and what is lost', async (_, how, answer, message) => {
  const told = await end(how, answer);
  expect(told).toMatchObject({ error: { code: 'gone', message } });
  expect('error' in told ? told.error.hint : '').toContain('directory, variables and programs are gone');
});

it('waits for the kubelet to write it', async () => {
  expect(await end({ code: 137 }, pod({}), pod({}), pod({ restartCount: 3 }))).toMatchObject({
    error: { reason: 'ShellLost' },
  });
});

it('leaves an exit code as it is, and asks about none that somebody gave', async () => {
  const healthy = api(pod({}));
  expect(await shellEnd(healthy.api, target, { code: 3 }, signal, 0)).toEqual({ code: 3 });
  expect(healthy.asked()).toBe(0);
  expect(await end({ code: 137 }, pod({}))).toEqual({ code: 137 });
  expect(await end({ code: 137 }, forbidden)).toEqual({ code: 137 });
});

it('says of a cut connection what became of the shell', async () => {
  expect(await end(lost, pod({}))).toMatchObject({
    error: {
      message: 'The connection was lost.',
      hint: expect.stringContaining('Reconnect opens a new one'),
    },
  });
  expect(await end(lost, forbidden)).toMatchObject({ error: { reason: 'ConnectionLost' } });
});
