/** What is said of files and transfers. Pure. */
import type { RemoteEntry, TransferState } from '#shared/contract/files';
import { formatBytes } from '#shared/util/quantity';
import { plural } from '#shared/util/text';
import type { MarkTone } from '../../ui/StatusMark';

export function join(directory: string, name: string): string {
  return directory === '/' ? `/${name}` : `${directory}/${name}`;
}

export function parent(path: string): string {
  const at = path.lastIndexOf('/');
  return at <= 0 ? '/' : path.slice(0, at);
}

/** Without `//`, `.` and `..`; always from the root. */
export function cleanPath(text: string): string {
  const parts: string[] = [];
  for (const part of text.trim().split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') parts.pop();
    else parts.push(part);
  }
  return `/${parts.join('/')}`;
}

/** `rwxr-xr-x`, as `ls` writes it. */
export function modeText(entry: RemoteEntry): string {
  const bits = [...'rwxrwxrwx'].map((char, at) => ((entry.mode & (0o400 >> at)) === 0 ? '-' : char)).join('');
  return bits;
}

export function typeText({ type, opens }: RemoteEntry): string {
  if (type === 'link') return opens ? 'link to folder' : 'link';
  return type === 'directory' ? 'folder' : type;
}

export function transferWords(state: TransferState): { readonly tone: MarkTone; readonly text: string } {
  const { phase, files, bytes, total, verified, error, skippedCount } = state;
  const amount = `${plural(files, 'file')}, ${formatBytes(bytes)}`;
  const left = skippedCount > 0 ? ` ${plural(skippedCount, 'entry', 'entries')} left out.` : '';
  switch (phase) {
    case 'preparing':
      return { tone: 'progress', text: 'Preparing' };
    case 'copying':
      return {
        tone: 'progress',
        text: total === undefined ? amount : `${amount} of about ${formatBytes(total)}`,
      };
    case 'verifying':
      return { tone: 'progress', text: `${amount}. Comparing checksums` };
    case 'failed':
      return error?.code === 'cancelled'
        ? { tone: 'idle', text: 'Cancelled. What was written of it was removed.' }
        : { tone: 'bad', text: error?.message ?? 'Failed' };
    case 'done': {
      if (verified?.why !== undefined)
        return { tone: 'warn', text: `${amount}.${left} Not compared: ${verified.why}` };
      const different = verified?.different.length ?? 0;
      if (different > 0)
        return {
          tone: 'bad',
          text: `${amount}.${left} ${plural(different, 'file differs', 'files differ')} on the two sides: ${verified?.different.slice(0, 3).join(', ') ?? ''}. They may have changed meanwhile.`,
        };
      return { tone: skippedCount > 0 ? 'warn' : 'done', text: `${amount}, checksums equal.${left}` };
    }
  }
}
