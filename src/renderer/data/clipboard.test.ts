// @vitest-environment jsdom
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { RpcClient } from '#shared/rpc/client';
import { useAppData } from './app-data';
import { copySecret, copyText } from './clipboard';
import { forgetTold, useTold } from './told';

const NOT = 'Not copied: the system refused the clipboard.';
const writeText = vi.fn<(text: string) => Promise<void>>();

beforeEach(() => {
  Object.defineProperty(navigator, 'clipboard', { value: { writeText }, configurable: true });
  document.execCommand = () => false;
});
afterEach(() => {
  writeText.mockReset();
  forgetTold();
  useAppData.setState({ client: undefined });
});

it('copies and is silent', async () => {
  writeText.mockResolvedValue(undefined);
  expect(await copyText('frontend')).toBe(true);
  expect(useTold.getState().text).toBe('');
});

it('falls back to a marked text field', async () => {
  writeText.mockRejectedValue(new Error('no focus'));
  let marked = '';
  document.execCommand = () => {
    marked = document.querySelector('textarea')?.value ?? '';
    return true;
  };
  expect(await copyText('frontend')).toBe(true);
  expect(marked).toBe('frontend');
  expect(document.querySelector('textarea')).toBeNull();
});

it('says that nothing was copied', async () => {
  writeText.mockRejectedValue(new Error('refused'));
  expect(await copyText('frontend')).toBe(false);
  expect(useTold.getState().text).toBe(NOT);
});

it('leaves secrets to the main process, never to the window’s own clipboard', async () => {
  const call = vi.fn().mockResolvedValue(true);
  useAppData.setState({ client: { call } as unknown as RpcClient });
  expect(await copySecret('hunter2', 30_000)).toBe(true);
  expect(call).toHaveBeenCalledWith(expect.anything(), 'copyBriefly', { text: 'hunter2', forMs: 30_000 });
  expect(writeText).not.toHaveBeenCalled();
});

it('says that a secret was not copied', async () => {
  const call = vi.fn().mockRejectedValue(new Error('the port is closed'));
  useAppData.setState({ client: { call } as unknown as RpcClient });
  expect(await copySecret('hunter2', 30_000)).toBe(false);
  expect(useTold.getState().text).toBe(NOT);
});
