/** The one word that says what the screen is worth: from the host's life and the cluster's state. */
import type { HostState } from '#shared/contract/app';
import type { ClusterStatus } from '#shared/contract/cluster';
import { formatShort } from '#shared/util/age';
import type { MarkTone } from '../ui/StatusMark';

export interface LiveStatus {
  readonly tone: MarkTone;
  /** `live`, `stale 2m`; one or two words and an age. */
  readonly text: string;
  /** Why, in a sentence; for the tooltip. */
  readonly reason: string;
}

export function liveStatus(
  host: HostState | undefined,
  status: ClusterStatus | undefined,
  now: number,
): LiveStatus {
  const life = hostStatus(host);
  if (life) return life;
  if (!status) return { tone: 'progress', text: 'connecting', reason: 'The first request is on its way.' };
  const age = formatShort(now - status.since);
  const why = status.error?.message;
  switch (status.phase) {
    case 'connecting':
      return { tone: 'progress', text: 'connecting', reason: why ?? `Since ${age}.` };
    case 'live':
      return { tone: 'ok', text: 'live', reason: liveReason(status, age) };
    case 'catching-up':
      return {
        tone: 'progress',
        text: `catching up ${age}`,
        reason: why ?? 'Changes missed during an interruption are being read.',
      };
    case 'stale':
      return {
        tone: 'warn',
        text: `stale ${age}`,
        reason: why ?? 'The connection is lost; what you see is the last known state.',
      };
    case 'signing-in':
      return { tone: 'progress', text: 'signing in', reason: why ?? 'New credentials are being asked for.' };
    case 'unauthorized':
      return {
        tone: 'bad',
        text: 'signed out',
        reason: why ?? 'The API server does not accept the credentials.',
      };
    case 'forbidden':
      return { tone: 'warn', text: 'no access', reason: why ?? 'The API server refuses what was asked.' };
    case 'unreachable':
      return { tone: 'bad', text: `unreachable ${age}`, reason: why ?? 'The API server cannot be reached.' };
    case 'frozen':
      return {
        tone: 'warn',
        text: `no answer ${age}`,
        reason: why ?? 'The connection is open but nothing comes through it.',
      };
  }
}

const CLOCK_WARNING_MS = 120_000;

/** A sentence when this computer's clock and the server's differ by more than 2 minutes (fault 24). */
export function clockWarning(status: ClusterStatus | undefined): string | undefined {
  const offset = status?.clockOffset ?? 0;
  if (Math.abs(offset) <= CLOCK_WARNING_MS) return undefined;
  const way = offset > 0 ? 'behind' : 'ahead of';
  return (
    `The clock of this computer is ${formatShort(Math.abs(offset))} ${way} the API server's. ` +
    "Ages are shown by the server's clock; sign-ins may fail until one of the two is set right."
  );
}

function hostStatus(host: HostState | undefined): LiveStatus | undefined {
  switch (host?.phase) {
    case undefined:
    case 'stopped':
      return { tone: 'idle', text: 'not connected', reason: host?.reason ?? 'Open it to connect.' };
    case 'starting':
      return { tone: 'progress', text: 'starting', reason: "This cluster's process is starting." };
    case 'restarting':
      return {
        tone: 'progress',
        text: 'restarting',
        reason: `This cluster's process stopped (restart ${host?.restarts} of 5).${host?.reason ? ` ${host.reason}` : ''}`,
      };
    case 'failed':
      if (host?.ask === 'plugin')
        return {
          tone: 'warn',
          text: 'needs consent',
          reason: host.reason ?? 'It runs a program to sign in.',
        };
      return {
        tone: 'bad',
        text: 'stopped',
        reason: `This cluster's process stopped and was not started again.${host?.reason ? ` ${host.reason}` : ''}`,
      };
    case 'running':
      return undefined;
  }
}

function liveReason(status: ClusterStatus, age: string): string {
  const parts = [`Live for ${age}.`];
  if (status.server) parts.push(`Kubernetes ${status.server.version}.`);
  if (status.latency !== undefined) parts.push(`Answers in ${Math.round(status.latency)} ms.`);
  return parts.join(' ');
}
