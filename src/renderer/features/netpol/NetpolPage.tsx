/** Network policies: what may reach what, and why. The banner says first whether it is enforced. */
import { useMemo, type ReactNode } from 'react';
import { netpol, type NetpolState } from '#shared/contract/netpol';
import { visible } from '#shared/util/text';
import { useCluster, useClusterId, useStream } from '../../data/connections';
import type { PageProps } from '../../data/feature';
import { Choice } from '../../ui/Choice';
import { StatusMark } from '../../ui/StatusMark';
import { AskView } from './AskView';
import { ChangesView } from './ChangesView';
import { CoverageView } from './CoverageView';
import { FlowView } from './FlowView';
import { MatrixView } from './MatrixView';
import { PoliciesView } from './PoliciesView';
import { ReachView } from './ReachView';
import { WhatIfView } from './WhatIfView';
import styles from './netpol.module.css';
import { setNetpolPage, useNetpolPage, type NetpolView } from './page-state';

const views: readonly { readonly value: NetpolView; readonly label: string }[] = [
  { value: 'ask', label: 'Ask' },
  { value: 'reach', label: 'Reach' },
  { value: 'graph', label: 'Graph' },
  { value: 'matrix', label: 'Matrix' },
  { value: 'coverage', label: 'Coverage' },
  { value: 'policies', label: 'Policies' },
  { value: 'what-if', label: 'What if' },
  { value: 'changes', label: 'Changes' },
];

export function NetpolPage({ visible: shown }: PageProps): ReactNode {
  const clusterId = useClusterId();
  const client = useCluster();
  const { view } = useNetpolPage(clusterId);
  const { data: state } = useStream(shown ? client : undefined, netpol, 'state', undefined);
  const enforced = state?.ready === true ? state.engine.enforces : undefined;
  return (
    <div className={styles.page}>
      <div className={styles.tool}>
        <Choice
          label="View"
          value={view}
          options={views}
          onChange={(value) => setNetpolPage(clusterId, { view: value })}
        />
        <span className={styles.count} role="status" aria-label="Read so far">
          {state ? words(state) : 'Reading pods and policies'}
        </span>
      </div>
      {state && <Banner state={state} />}
      {view === 'ask' && <AskView shown={shown} enforced={enforced} />}
      {view === 'reach' && <ReachView shown={shown} />}
      {view === 'graph' && <FlowView shown={shown} />}
      {view === 'matrix' && <MatrixView shown={shown} enforced={enforced} />}
      {view === 'coverage' && <CoverageView shown={shown} />}
      {view === 'policies' && <PoliciesView shown={shown} />}
      {view === 'what-if' && <WhatIfView />}
      {view === 'changes' && <ChangesView shown={shown} />}
    </div>
  );
}

function words({ pods, workloads, policies, ready }: NetpolState): string {
  const n = (value: number): string => value.toLocaleString('en');
  return `${n(policies)} policies, ${n(pods)} pods in ${n(workloads)} workloads${ready ? '' : ', reading'}`;
}

/** Whether anything enforces policies, with its evidence; and what could not be read. */
function Banner({ state }: { readonly state: NetpolState }): ReactNode {
  const { engine, parts, ready } = state;
  const denied = useMemo(() => parts.filter(({ phase }) => phase === 'denied'), [parts]);
  const stale = parts.filter(({ phase }) => phase === 'stale');
  const partial = parts.filter(({ namespaces, phase }) => namespaces && phase !== 'denied');
  if (!ready) return null;
  const { name, enforces, evidence, consequence, others } = engine;
  const tone = enforces === true ? 'ok' : 'warn';
  const head =
    enforces === false
      ? `Nothing enforces network policies here${name === undefined ? '' : `: ${name} does not`}.`
      : enforces === true
        ? `${name ?? 'A plugin'} enforces network policies.`
        : 'Whether network policies are enforced is not known.';
  return (
    <div className={styles.banner} data-tone={tone} role="note" aria-label="Enforcement">
      <p>
        <StatusMark tone={tone} /> <b>{head}</b> <span>{visible(evidence)}</span>{' '}
        {enforces !== true && <span>{consequence}</span>}
      </p>
      {others.length > 0 && (
        <p>
          <StatusMark tone="warn" /> This cluster also serves {others.join(', ')} (S30): not judged here, they
          may allow or deny more.
        </p>
      )}
      {partial.length > 0 && (
        <p>
          <StatusMark tone="warn" /> Only read in {partial[0]?.namespaces?.map(visible).join(', ')}:{' '}
          {partial.map(({ title }) => title.toLowerCase()).join(', ')}. What is elsewhere is not known here.
        </p>
      )}
      {denied.length > 0 && (
        <p>
          <StatusMark tone="warn" /> May not be read:{' '}
          {denied.map(({ title }) => title.toLowerCase()).join(', ')}. Answers leave them out.
        </p>
      )}
      {stale.length > 0 && (
        <p>
          <StatusMark tone="warn" /> Not current: {stale.map(({ title }) => title.toLowerCase()).join(', ')}.
        </p>
      )}
    </div>
  );
}
