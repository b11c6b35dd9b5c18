/** Saves bytes into a file the person chooses. The page never sees the file system; main writes. */
import { app, type Saving } from '#shared/contract/app';
import type { OpenStream, RpcClient } from '#shared/rpc/client';
import type { UpdateOf } from '#shared/rpc/define';
import type { AppError } from '#shared/util/app-error';

const PIECE = 256 * 1024;

type Update = UpdateOf<(typeof app)['members']['saveFile']>;

/** Names differ by system in what they may hold. */
function fileName(suggested: string): string {
  return suggested.replace(/[^\w.-]+/g, '-').slice(0, 120) || 'file';
}

/**
 * `content` is asked for only once a file is chosen, and no faster than it is written.
 * Resolves to words for the person about how it went; never throws.
 */
export async function saveFile(
  client: RpcClient,
  suggested: string,
  content: () => AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<string> {
  let state: Saving = { path: null, taken: 0, saved: false };
  let ended: AppError | true | undefined;
  let wake = (): void => undefined;
  const stream: OpenStream<Update> = client.open(
    app,
    'saveFile',
    { suggested: fileName(suggested) },
    {
      onData: (now) => {
        state = now;
        wake();
      },
      onEnd: (error) => {
        ended = error ?? true;
        wake();
      },
    },
  );
  const until = async (holds: () => boolean): Promise<void> => {
    while (ended === undefined && !holds()) await new Promise<void>((resolve) => (wake = resolve));
    if (ended !== undefined)
      throw new Error(ended === true ? 'the window lost its main process' : ended.message);
  };
  try {
    await until(() => state.path !== null);
    let sent = 0;
    for await (const bytes of content()) {
      for (let at = 0; at < bytes.length; at += PIECE) {
        const piece = bytes.slice(at, at + PIECE);
        stream.update({ data: piece });
        sent += piece.length;
        const wanted = sent;
        await until(() => state.taken >= wanted);
      }
    }
    stream.update({ done: true });
    await until(() => state.saved);
    return `Saved to ${state.path ?? ''}`;
  } catch (thrown) {
    if (typeof ended === 'object' && ended.code === 'cancelled') return 'Nothing was saved.';
    return `Not saved: ${thrown instanceof Error ? thrown.message : 'unknown'}`;
  } finally {
    stream.close();
  }
}
