/**
 * Keeps what a terminal prints in a file the person chose, as plain text.
 * Guarantees: only the chosen file is written; escape sequences are left out, also when they
 * come in parts; a full disk ends the log and says so, never the terminal.
 */
import { dialog, type BrowserWindow } from 'electron';
import { createWriteStream } from 'node:fs';
import { basename } from 'node:path';
import type { Sink } from '#shared/rpc/server';
import { PlainText } from './plain-text';

export function keepLog(
  suggested: string,
  window: BrowserWindow | undefined,
  sink: Sink<{ readonly path: string }>,
): (update: { readonly data: Uint8Array }) => void {
  const plain = new PlainText();
  let write: ((text: string) => void) | undefined;
  void (async () => {
    const options: Electron.SaveDialogOptions = {
      title: 'Log this session to a file',
      defaultPath: basename(suggested),
      properties: ['createDirectory', 'showOverwriteConfirmation', 'dontAddToRecent'],
    };
    const chosen = window
      ? await dialog.showSaveDialog(window, options)
      : await dialog.showSaveDialog(options);
    if (sink.signal.aborted) return;
    if (chosen.canceled || !chosen.filePath)
      return sink.end({ code: 'cancelled', message: 'No file was chosen.' });
    const file = createWriteStream(chosen.filePath, { mode: 0o600 });
    file.on('error', (error) =>
      sink.end({ code: 'internal', message: `The log could not be written: ${error.message}` }),
    );
    sink.scope.add(() => file.end());
    write = (text) => {
      if (text !== '') file.write(text);
    };
    sink.send({ path: chosen.filePath });
  })().catch((thrown: unknown) => sink.end({ code: 'internal', message: String(thrown) }));
  return ({ data }) => write?.(plain.take(data));
}
