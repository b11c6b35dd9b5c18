import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Scope } from '#shared/rpc/scope';
import { BriefCopies, type ClipboardLike } from './brief-copy';

class FakeClipboard implements ClipboardLike {
  text = '';
  refuses = false;
  cleared = 0;
  readText(): string {
    return this.text;
  }
  writeText(text: string): void {
    if (!this.refuses) this.text = text;
  }
  clear(): void {
    this.cleared += 1;
    this.text = '';
  }
}

let scope: Scope;
let clipboard: FakeClipboard;
let copies: BriefCopies;

beforeEach(() => {
  vi.useFakeTimers();
  scope = new Scope('brief-copy.test');
  clipboard = new FakeClipboard();
  copies = new BriefCopies(clipboard, scope);
});
afterEach(() => {
  scope.dispose();
  vi.useRealTimers();
});

it('takes the text away after its time, not before', async () => {
  expect(await copies.copy('hunter2', 30_000)).toBe(true);
  await vi.advanceTimersByTimeAsync(29_999);
  expect(clipboard.text).toBe('hunter2');
  await vi.advanceTimersByTimeAsync(1);
  expect(clipboard.text).toBe('');
});

it('leaves what was copied since, by whatever program', async () => {
  await copies.copy('hunter2', 30_000);
  clipboard.text = 'a recipe';
  await vi.advanceTimersByTimeAsync(60_000);
  expect(clipboard).toMatchObject({ text: 'a recipe', cleared: 0 });
});

it('begins the time anew with the next secret', async () => {
  await copies.copy('first', 30_000);
  await vi.advanceTimersByTimeAsync(20_000);
  await copies.copy('second', 30_000);
  await vi.advanceTimersByTimeAsync(20_000);
  expect(clipboard.text).toBe('second');
  await vi.advanceTimersByTimeAsync(10_000);
  expect(clipboard.text).toBe('');
});

it('takes it away before the app quits, and only it', async () => {
  await copies.copy('hunter2', 30_000);
  await copies.clear();
  expect(clipboard.text).toBe('');
  await copies.copy('hunter2', 30_000);
  clipboard.text = 'a recipe';
  await copies.clear();
  expect(clipboard).toMatchObject({ text: 'a recipe', cleared: 1 });
});

it('says when the system did not take it', async () => {
  clipboard.refuses = true;
  expect(await copies.copy('hunter2', 30_000)).toBe(false);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(clipboard.cleared).toBe(0);
});
