/** Serves the `files` slice: listing, reading, and transfers that end with their stream. */
import { files, type TransferState } from '#shared/contract/files';
import { Scope } from '#shared/rpc/scope';
import { coalesce, implement, type Served, type Sink } from '#shared/rpc/server';
import { isCancelled, toAppError } from '#shared/util/app-error';
import type { Dialler } from '../../k8s/channel-socket';
import type { ContainerTarget } from '../../k8s/exec-stream';
import { download } from './download';
import type { Grants } from './grants';
import { Progress } from './progress';
import { list, readHead } from './remote';
import { upload } from './upload';

export interface FilesDeps {
  readonly api: Dialler;
  readonly grants: Grants;
}

const EVERY_MS = 100;

interface Where {
  readonly namespace: string;
  readonly pod: string;
  readonly container?: string | undefined;
}

export function filesService({ api, grants }: FilesDeps): Served {
  return implement(files, {
    list: (input, signal) => list(api, targetOf(input), input.path, signal),
    read: (input, signal) => readHead(api, targetOf(input), input.path, input.max, signal),
    download: (input, sink) => {
      const [into] = grants.paths(input.grant, 'write');
      run(sink, (progress, signal) =>
        download({
          api,
          target: targetOf(input),
          directory: input.directory,
          names: input.names,
          into: into ?? '',
          progress,
          signal,
        }),
      );
    },
    upload: (input, sink) => {
      const paths = grants.paths(input.grant, 'read');
      run(sink, (progress, signal) =>
        upload({ api, target: targetOf(input), directory: input.directory, paths, progress, signal }),
      );
    },
  });
}

function targetOf({ namespace, pod, container }: Where): ContainerTarget {
  return { namespace, pod, ...(container === undefined ? {} : { container }) };
}

/** Tells the newest state; the last one before the end is always told. */
function run(
  sink: Sink<TransferState>,
  work: (progress: Progress, signal: AbortSignal) => Promise<void>,
): void {
  // Not the sink's own: the work goes on to remove what it wrote after the stream has gone.
  const scope = new Scope('transfer');
  sink.scope.add(() => scope.dispose());
  let told: TransferState | undefined;
  const out = coalesce(
    sink,
    () => {
      told = progress.value;
      if (told.phase === 'done' || told.phase === 'failed') queueMicrotask(() => sink.end());
      return told;
    },
    EVERY_MS,
  );
  const progress = new Progress(() => out.mark());
  work(progress, scope.signal).then(
    () => scope.dispose(),
    (thrown: unknown) => {
      if (!(isCancelled(thrown) && sink.signal.aborted))
        progress.set({ phase: 'failed', error: toAppError(thrown) });
      scope.dispose();
    },
  );
  out.mark();
}
