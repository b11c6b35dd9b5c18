/** Words for what a container's log waits for, why it ended and why it cannot be reached. */
import type { AppError } from '#shared/util/app-error';
import type { ContainerInfo, PodInfo } from './pod-info';

/** Why there is nothing to read yet. */
export function waitWords(pod: PodInfo, info: ContainerInfo): string {
  if (pod.phase === 'Failed' || pod.phase === 'Succeeded') {
    return pod.reason === ''
      ? `The pod is ${pod.phase}; this container never started.`
      : `The pod is ${pod.phase}: ${pod.reason}.`;
  }
  if (info.state === 'unknown' && pod.node === '') return 'Waiting: the pod is not scheduled yet.';
  const why = info.reason === '' ? 'it has not started' : info.reason;
  const more = info.message === '' ? '' : ` (${info.message.slice(0, 200)})`;
  if (info.reason === 'CrashLoopBackOff' && info.exitCode !== undefined)
    return `Waiting: CrashLoopBackOff, last exit ${info.exitCode}.`;
  return `Waiting: ${why}${more}.`;
}

/** `Exited with code 3 (Error).` */
export function afterExit(info: ContainerInfo): string {
  if (info.exitCode === undefined) return 'The container ended.';
  const reason = info.exitReason === '' || info.exitReason === 'Completed' ? '' : ` (${info.exitReason})`;
  return `Exited with code ${info.exitCode}${reason}.`;
}

/** A kubelet that cannot be reached is named with its node; the server's words stay behind it. */
export function reachWords(error: AppError, pod: PodInfo): string {
  const kubelet = /:1025\d|\bkubelet\b|containerLogs/.test(error.message);
  if (kubelet && (error.code === 'server' || error.status !== undefined))
    return `The kubelet of node ${pod.node === '' ? '(unknown)' : pod.node} cannot be reached: ${error.message.slice(0, 300)}`;
  return error.message;
}

const complaints = [
  'unable to retrieve container logs for ',
  'failed to try resolving symlinks in path ',
  'failed to open log file ',
  'rpc error: code = ',
  'failed to watch file ',
].map((text) => Buffer.from(text));

/** The kubelet writes its own errors into the log answer, without a stamp. */
export function isKubeletComplaint(bytes: Uint8Array, start: number, end: number): boolean {
  return complaints.some((words) => {
    if (end - start < words.length) return false;
    return words.compare(bytes, start, start + words.length) === 0;
  });
}
