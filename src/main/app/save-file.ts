/**
 * Writes what the page sends into a file the person chose.
 * Guarantees: only the chosen file appears, whole or not at all; for nobody else to read; what was there
 * stays until then, also when the page goes in the middle. A full disk ends it with words.
 */
import { randomBytes } from 'node:crypto';
import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import type { Saving } from '#shared/contract/app';
import { coalesce, type Sink } from '#shared/rpc/server';

type Update = { readonly data: Uint8Array } | { readonly done: true };

/** `choose` asks the person; undefined: they chose no file. */
export function saveFile(
  choose: () => Promise<string | undefined>,
  sink: Sink<Saving>,
): (update: Update) => void {
  let state: Saving = { path: null, taken: 0, saved: false };
  const feed = coalesce(sink, () => state);
  let file: FileHandle | undefined;
  let part: string | undefined;
  const say = (change: Partial<Saving>): void => {
    state = { ...state, ...change };
    if (!sink.signal.aborted) feed.mark();
  };
  const drop = async (): Promise<void> => {
    const [handle, path] = [file, part];
    file = part = undefined;
    await handle?.close().catch(() => undefined);
    if (path !== undefined) await rm(path, { force: true }).catch(() => undefined);
  };
  const start = async (): Promise<void> => {
    const path = await choose();
    if (sink.signal.aborted) return;
    if (path === undefined) return sink.end({ code: 'cancelled', message: 'No file was chosen.' });
    part = `${path}.${randomBytes(4).toString('hex')}.part`;
    file = await open(part, 'wx', 0o600);
    say({ path });
  };
  const take = async (update: Update): Promise<void> => {
    if (!file || part === undefined || state.path === null) return;
    if ('data' in update) {
      await file.writeFile(update.data);
      return say({ taken: state.taken + update.data.length });
    }
    await file.sync();
    await file.close();
    file = undefined;
    await rename(part, state.path);
    part = undefined;
    say({ saved: true });
  };
  let work = Promise.resolve();
  const next = (job: () => Promise<void>): void => {
    work = work.then(job).catch(async (thrown: unknown) => {
      await drop();
      const why = thrown instanceof Error ? thrown.message : 'unknown';
      if (!sink.signal.aborted)
        sink.end({ code: 'internal', message: `The file could not be written: ${why}` });
    });
  };
  next(start);
  sink.scope.add(() => void (work = work.then(drop)));
  return (update) => next(() => take(update));
}
