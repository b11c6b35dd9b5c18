/**
 * Keeps what a terminal prints in a file the person chose, as plain text.
 * Guarantees: only the chosen file is written; escape sequences are left out, also when they
 * come in parts; a full disk ends the log and says so, never the terminal.
 */
import { createWriteStream } from 'node:fs';
import type { Sink } from '#shared/rpc/server';
import { PlainText } from './plain-text';

/** `choose` asks the person; undefined: they chose no file. */
export function keepLog(
  choose: () => Promise<string | undefined>,
  sink: Sink<{ readonly path: string }>,
): (update: { readonly data: Uint8Array }) => void {
  const plain = new PlainText();
  let write: ((text: string) => void) | undefined;
  void (async () => {
    const path = await choose();
    if (sink.signal.aborted) return;
    if (path === undefined) return sink.end({ code: 'cancelled', message: 'No file was chosen.' });
    const file = createWriteStream(path, { mode: 0o600 });
    file.on('error', (error) =>
      sink.end({ code: 'internal', message: `The log could not be written: ${error.message}` }),
    );
    sink.scope.add(() => file.end());
    write = (text) => {
      if (text !== '') file.write(text);
    };
    sink.send({ path });
  })().catch((thrown: unknown) => sink.end({ code: 'internal', message: String(thrown) }));
  return ({ data }) => write?.(plain.take(data));
}
