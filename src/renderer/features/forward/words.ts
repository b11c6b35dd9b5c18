/** What is said of a forward. Pure. */
import type { ForwardRow, ForwardStarted } from '#shared/contract/forward';
import type { MarkTone } from '../../ui/StatusMark';

export function stateOf(row: ForwardRow): { readonly tone: MarkTone; readonly text: string } {
  switch (row.phase) {
    case 'starting':
      return { tone: 'progress', text: 'Looking for a pod' };
    case 'listening':
      return row.open > 0 ? { tone: 'ok', text: `${row.open} connected` } : { tone: 'ok', text: 'Listening' };
    case 'waiting':
      return { tone: 'warn', text: 'Waiting for a pod' };
    case 'reconnecting':
      return { tone: 'progress', text: 'Reconnecting' };
    case 'failed':
      return { tone: 'bad', text: 'Failed' };
  }
}

/** What stands under a forward that is not simply listening. */
export function whyOf(row: ForwardRow): string | undefined {
  if (row.error) return row.error.message;
  if (row.failed > 0 && row.lastFailure)
    return `${row.failed} of ${row.total} connections failed. Last: ${row.lastFailure.message}`;
  return undefined;
}

/** `Port 8080 is in use by node (pid 4211).` */
export function takenWords(result: Extract<ForwardStarted, { error: unknown }>): string {
  const { error, holder } = result;
  if (!holder) return error.message;
  const pid = holder.pid === undefined ? '' : ` (pid ${holder.pid})`;
  return `${error.message.replace(/\.$/, '')} by ${holder.name ?? 'a process'}${pid}.`;
}

export function addressOf(address: string, port: number): string {
  return `${address === '0.0.0.0' ? '127.0.0.1' : address}:${port}`;
}

/** What one would choose: the same number, or one that needs no more rights. */
export function suggestedLocal(remote: number): number {
  return remote >= 1024 ? remote : 8000 + remote;
}

/** Undefined: cannot be used; 0: a free one. */
export function readPort(text: string): number | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return 0;
  if (!/^\d{1,5}$/.test(trimmed)) return undefined;
  const port = Number(trimmed);
  return port >= 1 && port <= 65_535 ? port : undefined;
}

/** A number or the name of a port. */
export function isRemote(text: string): boolean {
  if (/^\d+$/.test(text)) return (readPort(text) ?? 0) > 0;
  return /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(text);
}
