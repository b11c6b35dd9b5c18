/** What in this cluster's rights is dangerous or loose, the worst first, with how to narrow it. */
import { useMemo, useState, type ReactNode } from 'react';
import type { RiskRow } from '#shared/contract/rbac';
import { visible as visibleText } from '#shared/util/text';
import { useApp, useClusterId } from '../../data/connections';
import type { PageProps } from '../../data/feature';
import { saveFile } from '../../data/save-file';
import { Badge } from '../../ui/Badge';
import { Button } from '../../ui/Button';
import { Choice } from '../../ui/Choice';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorState } from '../../ui/ErrorState';
import type { MarkTone } from '../../ui/StatusMark';
import { TextField } from '../../ui/TextField';
import styles from './access.module.css';
import { accept, takeBack, useAccepted, type Acceptance } from './accepted';
import { Lacks } from './AccessPage';
import { risksCsv, risksJson } from './export-risks';
import { ObjectLink, PathLine, SubjectName } from './Links';
import { useAnswer, useRbacState } from './use-rbac';

const tones: Readonly<Record<RiskRow['severity'], MarkTone>> = {
  critical: 'bad',
  high: 'warn',
  medium: 'progress',
  low: 'idle',
};
const STEP = 100;

export function RisksPage({ visible }: PageProps): ReactNode {
  const clusterId = useClusterId();
  const app = useApp();
  const accepted = useAccepted(clusterId);
  const [filter, setFilter] = useState('');
  const [show, setShow] = useState<'open' | 'accepted' | 'all'>('open');
  const [builtIn, setBuiltIn] = useState(false);
  const [limit, setLimit] = useState(STEP);
  const [said, setSaid] = useState('');
  const state = useRbacState(visible, true);
  const version = state?.ready ? state.version : undefined;
  const { data, error, retry } = useAnswer('risks', { builtIn }, version, visible);
  const rows = useMemo(() => {
    const wanted = filter.trim().toLowerCase();
    return (data?.rows ?? []).filter(
      (row) =>
        (show === 'all' || (accepted[row.id] !== undefined) === (show === 'accepted')) &&
        (wanted === '' || textOf(row).includes(wanted)),
    );
  }, [data, filter, show, accepted]);
  const counts = useMemo(() => countText(rows), [rows]);
  const save = (name: string, text: string): void => {
    if (app) void saveFile(app, name, () => [new TextEncoder().encode(text)]).then(setSaid);
  };
  return (
    <div className={styles.page}>
      <div className={styles.form}>
        <TextField
          hideLabel
          label="Filter risks"
          placeholder="Subject, permission, namespace, severity"
          className={styles.wideField}
          value={filter}
          onChange={(event) => setFilter(event.target.value)}
        />
        <Choice
          label="Shown"
          options={[
            { value: 'open', label: 'Open' },
            { value: 'accepted', label: 'Accepted' },
            { value: 'all', label: 'All' },
          ]}
          value={show}
          onChange={setShow}
        />
        <label className={styles.check}>
          <input type="checkbox" checked={builtIn} onChange={(event) => setBuiltIn(event.target.checked)} />
          Kubernetes’ own
        </label>
        <span className={styles.space} />
        <Button disabled={rows.length === 0} onClick={() => save('risks.json', risksJson(rows, accepted))}>
          Save JSON
        </Button>
        <Button disabled={rows.length === 0} onClick={() => save('risks.csv', risksCsv(rows, accepted))}>
          Save CSV
        </Button>
      </div>
      <Lacks state={state} />
      {said !== '' && (
        <p className={styles.muted} role="status" aria-label="Export">
          {visibleText(said)}
        </p>
      )}
      {error && <ErrorState title="Risks were not worked out" error={error} onRetry={retry} />}
      {data && (
        <p className={styles.headline} role="status" aria-label="Findings">
          {rows.length === 0 ? 'No findings' : counts}
          {data.total > data.rows.length &&
            ` (the worst ${data.rows.length} of ${data.total.toLocaleString('en')})`}
        </p>
      )}
      {data && rows.length === 0 && (
        <EmptyState>
          {data.rows.length === 0
            ? 'Nobody but Kubernetes itself holds a dangerous permission.'
            : 'No finding passes the filter.'}
        </EmptyState>
      )}
      <div role="list" aria-label="Risks" className={styles.list}>
        {rows.slice(0, limit).map((row) => (
          <Finding key={row.id} row={row} accepted={accepted[row.id]} clusterId={clusterId} />
        ))}
      </div>
      {rows.length > limit && (
        <Button look="quiet" onClick={() => setLimit(limit + STEP)}>
          Show {Math.min(STEP, rows.length - limit)} more of {rows.length - limit}
        </Button>
      )}
    </div>
  );
}

interface FindingProps {
  readonly row: RiskRow;
  readonly accepted: Acceptance | undefined;
  readonly clusterId: string;
}

function Finding({ row, accepted, clusterId }: FindingProps): ReactNode {
  const [open, setOpen] = useState(false);
  const [note, setNote] = useState('');
  const where = row.namespace === '' ? 'whole cluster' : row.namespace;
  return (
    <div role="listitem" className={styles.risk}>
      <Badge tone={tones[row.severity]}>{row.severity}</Badge>
      <div className={styles.riskBody}>
        <button
          type="button"
          className={styles.riskTitle}
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        >
          {visibleText(row.title)}
        </button>
        <p className={styles.muted}>{visibleText(row.why)}</p>
        {open && (
          <div className={styles.riskMore}>
            {row.paths.map((path, index) => (
              <PathLine key={index} path={path} />
            ))}
            {row.more > 0 && <p className={styles.muted}>and {row.more} more grants</p>}
            {row.binding && <ObjectLink of={row.binding} />}
            {row.names.length > 0 && <p>Only {row.names.map(visibleText).join(', ')}.</p>}
            {row.pods && (
              <p>
                Pods:{' '}
                {row.pods.map((pod) => (
                  <span key={`${pod.namespace}/${pod.name}`} className={styles.inline}>
                    <ObjectLink of={{ kind: 'Pod', namespace: pod.namespace, name: pod.name }} />
                  </span>
                ))}
                {(row.podCount ?? 0) > row.pods.length && `and ${(row.podCount ?? 0) - row.pods.length} more`}
              </p>
            )}
            {row.narrow !== undefined && (
              <p>
                <b>To narrow it:</b> {row.narrow}
              </p>
            )}
            {accepted ? (
              <p className={styles.muted}>
                Accepted{accepted.note === '' ? '' : `: ${visibleText(accepted.note)}`}{' '}
                <Button look="quiet" onClick={() => takeBack(clusterId, row.id)}>
                  Take back
                </Button>
              </p>
            ) : (
              <form
                className={styles.form}
                onSubmit={(event) => {
                  event.preventDefault();
                  accept(clusterId, row.id, note.trim());
                }}
              >
                <TextField
                  hideLabel
                  label="Note"
                  placeholder="Why this is fine here"
                  className={styles.wideField}
                  value={note}
                  onChange={(event) => setNote(event.target.value)}
                />
                <Button type="submit">Accept</Button>
              </form>
            )}
          </div>
        )}
      </div>
      <div>
        {row.subject ? <SubjectName of={row.subject} /> : row.binding && <ObjectLink of={row.binding} />}
      </div>
      <div className={row.namespace === '' ? undefined : styles.muted}>{visibleText(where)}</div>
    </div>
  );
}

function textOf(row: RiskRow): string {
  const { subject, binding } = row;
  return [
    row.severity,
    row.title,
    row.why,
    row.namespace === '' ? 'whole cluster' : row.namespace,
    subject ? `${subject.kind} ${subject.namespace}/${subject.name}` : '',
    binding?.name ?? '',
  ]
    .join(' ')
    .toLowerCase();
}

/** `3 critical, 5 high, 1 low`. */
function countText(rows: readonly RiskRow[]): string {
  const order = ['critical', 'high', 'medium', 'low'] as const;
  return order
    .map((severity) => [severity, rows.filter((row) => row.severity === severity).length] as const)
    .filter(([, count]) => count > 0)
    .map(([severity, count]) => `${count.toLocaleString('en')} ${severity}`)
    .join(', ');
}
