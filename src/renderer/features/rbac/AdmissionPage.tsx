/** What the API server asks before it stores an object: webhooks, policies, Pod Security, and a trial by rules. */
import { useState, type ReactNode } from 'react';
import { admission, type AdmissionOverview } from '#shared/contract/admission';
import { plural, visible as visibleText } from '#shared/util/text';
import type { PageProps } from '../../data/feature';
import { Choice } from '../../ui/Choice';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorState } from '../../ui/ErrorState';
import { StatusMark } from '../../ui/StatusMark';
import styles from './access.module.css';
import { AdmissionTestView } from './AdmissionTestView';
import { PoliciesView } from './PoliciesView';
import { PodSecurityView } from './PodSecurityView';
import { useCall } from './use-call';
import { WebhooksView } from './WebhooksView';

type View = 'webhooks' | 'policies' | 'pods' | 'test';

const views: readonly { readonly value: View; readonly label: string }[] = [
  { value: 'webhooks', label: 'Webhooks' },
  { value: 'policies', label: 'Policies' },
  { value: 'pods', label: 'Pod Security' },
  { value: 'test', label: 'Test an object' },
];

/** Backends come and go without a word: they are looked at again this often. */
const EVERY = 30_000;

export function AdmissionPage({ visible }: PageProps): ReactNode {
  const [view, setView] = useState<View>('webhooks');
  const overview = useCall(admission, 'overview', {}, { visible: visible && view !== 'pods', every: EVERY });
  const { data, error, retry } = overview;
  return (
    <div className={styles.page}>
      <div className={styles.tool}>
        <Choice label="Admission" options={views} value={view} onChange={setView} />
      </div>
      {view === 'pods' && <PodSecurityView visible={visible} />}
      {view === 'test' && <AdmissionTestView visible={visible} />}
      {(view === 'webhooks' || view === 'policies') && (
        <>
          {error && <ErrorState title="Admission was not read" error={error} onRetry={retry} />}
          {!data && !error && (
            <p className={styles.muted} role="status" aria-label="Reading">
              Reading webhooks and policies.
            </p>
          )}
          {data && <AdmissionLacks lacks={data.lacks} />}
          {data && view === 'webhooks' && <Webhooks data={data} />}
          {data && view === 'policies' && <Policies data={data} />}
        </>
      )}
    </div>
  );
}

export function AdmissionLacks({ lacks }: { readonly lacks: readonly string[] }): ReactNode {
  if (lacks.length === 0) return null;
  return (
    <div className={styles.lacks} role="status" aria-label="What is not known">
      {lacks.map((line) => (
        <p key={line}>
          <StatusMark tone="warn" /> {visibleText(line)}
        </p>
      ))}
    </div>
  );
}

function Webhooks({ data }: { readonly data: AdmissionOverview }): ReactNode {
  const blocking = data.webhooks.filter((hook) => hook.blocking).length;
  const idle = data.webhooks.filter((hook) => !hook.blocking && hook.warnings.length > 0).length;
  const parts = [
    plural(data.webhooks.length, 'webhook'),
    ...(blocking > 0 ? [`${blocking} refusing requests now`] : []),
    ...(idle > 0 ? [`${idle} to look at`] : []),
  ];
  return (
    <>
      <p className={styles.headline} role="status" aria-label="Answer">
        {parts.join(', ')}
      </p>
      {data.webhooks.length === 0 ? (
        <EmptyState>No webhook is asked before objects are stored.</EmptyState>
      ) : (
        <WebhooksView webhooks={data.webhooks} />
      )}
    </>
  );
}

function Policies({ data }: { readonly data: AdmissionOverview }): ReactNode {
  const unbound = data.policies.filter((policy) => policy.bindings.length === 0).length;
  return (
    <>
      <p className={styles.headline} role="status" aria-label="Answer">
        {plural(data.policies.length, 'admission policy', 'admission policies')}
        {unbound > 0 && `, ${unbound} without a binding`}
      </p>
      {data.policies.length === 0 ? (
        <EmptyState>No ValidatingAdmissionPolicy is there.</EmptyState>
      ) : (
        <PoliciesView policies={data.policies} />
      )}
    </>
  );
}
