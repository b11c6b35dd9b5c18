/**
 * Which Prometheus is asked and how it was found, each step with its result; another one can be
 * chosen or given by URL. What is typed as a secret goes to the cluster's process and is never shown again.
 */
import { useState, type ReactNode } from 'react';
import { metrics, type DiscoveryStep, type SourceState } from '#shared/contract/metrics';
import { toAppError, type AppError } from '#shared/util/app-error';
import { visible } from '#shared/util/text';
import { useCluster, useClusterId, useStream } from '../../data/connections';
import { useBench } from '../../data/workbench';
import { Button } from '../../ui/Button';
import { StatusMark } from '../../ui/StatusMark';
import { KeptUrls } from './KeptUrls';
import styles from './metrics.module.css';
import { UrlForm } from './UrlForm';

const words: Readonly<
  Record<DiscoveryStep['result'], readonly ['ok' | 'progress' | 'warn' | 'bad' | 'idle', string]>
> = {
  running: ['progress', 'asking'],
  found: ['ok', 'found'],
  nothing: ['idle', 'nothing'],
  denied: ['warn', 'denied'],
  failed: ['bad', 'failed'],
  skipped: ['idle', 'skipped'],
};

export function SourcePanel({ source }: { readonly source: SourceState }): ReactNode {
  const client = useCluster();
  const { namespaces } = useBench(useClusterId());
  const [giving, setGiving] = useState(false);
  const [failure, setFailure] = useState<AppError | undefined>(undefined);
  const run = (asked: Promise<unknown> | undefined): void => {
    setFailure(undefined);
    asked?.catch((thrown: unknown) => setFailure(toAppError(thrown)));
  };
  const { chosen, sources, steps, took } = source;
  return (
    <section className={styles.source} aria-label="Metrics source">
      <h2 className={styles.sectionTitle}>Metrics source</h2>
      <p>
        {chosen
          ? `${chosen.flavour === 'unknown' ? 'A Prometheus API' : chosen.flavour} ${chosen.version} at ${visible(chosen.title)}, ${
              chosen.type === 'url' ? 'asked directly' : "through the API server's proxy"
            }.`
          : source.phase === 'searching'
            ? 'Looking for a Prometheus in this cluster.'
            : 'No Prometheus was found. The steps below say why; one can be given by its URL.'}
        {source.clockSkew !== undefined && Math.abs(source.clockSkew) > 30_000 && (
          <b className={styles.warn}>
            {' '}
            Its clock is {Math.round(Math.abs(source.clockSkew) / 1000)} s{' '}
            {source.clockSkew > 0 ? 'ahead of' : 'behind'} this computer’s; charts follow its clock.
          </b>
        )}
      </p>
      {sources.length > 1 && (
        <label className={styles.pick}>
          Ask
          <select
            aria-label="Source"
            value={chosen?.id ?? ''}
            onChange={(event) => run(client?.call(metrics, 'choose', { id: event.target.value }))}
          >
            {sources.map((one) => (
              <option key={one.id} value={one.id}>
                {visible(one.title)}
              </option>
            ))}
          </select>
        </label>
      )}
      <ol className={styles.steps} aria-label="Search for Prometheus">
        {steps.map((step) => {
          const [tone, word] = words[step.result];
          return (
            <li key={step.id}>
              <StatusMark tone={tone} />
              <span className={styles.stepTitle}>{visible(step.title)}</span>
              <span className={styles.muted}>{word}</span>
              <span className={styles.stepDetail}>{visible(step.detail)}</span>
              <span className={styles.stepTook}>{step.took === undefined ? '' : `${step.took} ms`}</span>
            </li>
          );
        })}
      </ol>
      <KeptUrls source={source} run={run} />
      <div className={styles.row}>
        <Button
          disabled={source.phase === 'searching'}
          onClick={() => run(client?.call(metrics, 'search', { namespaces: [...namespaces] }))}
        >
          Search again
        </Button>
        <Button aria-expanded={giving} onClick={() => setGiving(!giving)}>
          Give a URL
        </Button>
        {took !== undefined && <span className={styles.muted}>The search took {took} ms.</span>}
      </div>
      {failure && (
        <p className={styles.bad} role="alert">
          {visible(failure.message)} {failure.hint}
        </p>
      )}
      <UsageLine />
      {giving && <UrlForm keyStore={source.keyStore === true} onDone={() => setGiving(false)} />}
    </section>
  );
}

/** metrics-server is a source of its own: the columns of pods and nodes come from it. */
function UsageLine(): ReactNode {
  const { data } = useStream(useCluster(), metrics, 'usage', undefined);
  if (!data || data.phase === 'unknown' || data.phase === 'live') return null;
  return (
    <p role="status">
      CPU and memory columns are empty: {visible(data.error?.message ?? 'metrics-server does not answer.')}{' '}
      {data.phase === 'denied'
        ? 'The right to list pods (or nodes) of metrics.k8s.io would fill them; whoever manages roles can grant it.'
        : data.error?.hint}
    </p>
  );
}
