/**
 * Subjects down, resources across: which verbs each holds in one namespace. Only the rows on screen
 * are worked out and drawn, so that thousands of subjects cost what a window of them costs.
 */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef, useState, type ReactNode } from 'react';
import { rbac, type MatrixCell } from '#shared/contract/rbac';
import { toAppError } from '#shared/util/app-error';
import { visible as visibleText } from '#shared/util/text';
import { useCluster, useClusterId } from '../../data/connections';
import { ErrorState } from '../../ui/ErrorState';
import { TextField } from '../../ui/TextField';
import styles from './access.module.css';
import { openAccess, setAccess, useAccess } from './access-store';
import type { ViewProps } from './AccessPage';
import { NamespaceField } from './Fields';
import { SubjectName } from './Links';
import { parseTarget, targetText } from './words';

const FIRST =
  'pods, pods/exec, pods/log, secrets, configmaps, services, deployments.apps, jobs.batch, roles.rbac.authorization.k8s.io, rolebindings.rbac.authorization.k8s.io, nodes';
const ROW = 26;
const WINDOW = 60;
const letters: Readonly<Record<string, string>> = {
  get: 'g',
  list: 'l',
  watch: 'w',
  create: 'c',
  update: 'u',
  patch: 'p',
  delete: 'd',
  deletecollection: 'D',
};

export function MatrixView({ version, visible: shown }: ViewProps): ReactNode {
  const clusterId = useClusterId();
  const client = useCluster();
  const { namespace } = useAccess(clusterId);
  const [targets, setTargets] = useState(FIRST);
  const [filter, setFilter] = useState('');
  const [builtIn, setBuiltIn] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const [from, setFrom] = useState(0);
  const resources = targets
    .split(',')
    .map((text) => parseTarget(text))
    .filter((target) => target.resource !== '')
    .slice(0, 60)
    .map(({ group, resource, subresource }) => ({ group, resource, subresource }));
  const input = { namespace, filter, builtIn, resources, offset: from, limit: WINDOW };
  const { data, error, refetch } = useQuery({
    queryKey: ['rbac', clusterId, 'matrix', input, version],
    enabled: client !== undefined && shown && version !== undefined,
    placeholderData: keepPreviousData,
    retry: false,
    queryFn: ({ signal }) => client?.call(rbac, 'matrix', input, signal) ?? null,
  });
  const total = data?.total ?? 0;
  const rows = useVirtualizer({
    count: total,
    getScrollElement: () => box.current,
    estimateSize: () => ROW,
    overscan: 8,
    onChange: (instance) => {
      const first = instance.range?.startIndex ?? 0;
      // A third of a window before what is seen, so that small movements ask nothing.
      const wanted = Math.max(0, Math.floor((first - 20) / 20) * 20);
      if (wanted !== from) setFrom(wanted);
    },
  });
  const columns = `minmax(240px, 2fr) repeat(${resources.length}, minmax(88px, 1fr))`;
  return (
    <>
      <div className={styles.form}>
        <NamespaceField
          value={namespace}
          all="Cluster-wide grants only"
          onChange={(next) => setAccess(clusterId, { namespace: next })}
        />
        <TextField
          label="Subjects"
          placeholder="part of a name"
          className={styles.field}
          value={filter}
          onChange={(event) => setFilter(event.target.value)}
        />
        <TextField
          label="Resources"
          className={styles.grow}
          value={targets}
          onChange={(event) => setTargets(event.target.value)}
        />
        <label className={styles.check}>
          <input type="checkbox" checked={builtIn} onChange={(event) => setBuiltIn(event.target.checked)} />
          Kubernetes’ own
        </label>
      </div>
      {error && (
        <ErrorState
          title="The matrix was not worked out"
          error={toAppError(error)}
          onRetry={() => void refetch()}
        />
      )}
      <p className={styles.muted}>
        <span role="status" aria-label="Subjects shown">
          {total.toLocaleString('en')} subjects
        </span>
        . g get, l list, w watch, c create, u update, p patch, d delete, D deletecollection; <i>in italics</i>
        : some names only. Groups of users are not known and not counted.
      </p>
      <div className={styles.matrix} ref={box} role="table" aria-label="Matrix" aria-rowcount={total}>
        <div role="row" className={styles.matrixHead} style={{ gridTemplateColumns: columns }}>
          <span role="columnheader">Subject</span>
          {resources.map(({ group, resource, subresource }, index) => {
            const text = targetText(group, resource, subresource);
            return (
              <span role="columnheader" key={index} data-tip={text}>
                {visibleText(subresource === '' ? resource : `${resource}/${subresource}`)}
              </span>
            );
          })}
        </div>
        <div style={{ position: 'relative', height: rows.getTotalSize() }}>
          {rows.getVirtualItems().map((item) => {
            const row = data?.rows[item.index - data.offset];
            return (
              <div
                role="row"
                key={item.index}
                className={styles.matrixRow}
                style={{ gridTemplateColumns: columns, transform: `translateY(${item.start}px)` }}
              >
                <span role="rowheader">{row && <SubjectName of={row.subject} />}</span>
                {resources.map((target, index) => {
                  const cell = row?.cells[index];
                  const ask = (): void => {
                    if (!row) return;
                    const { kind, namespace: own, name } = row.subject;
                    const known = kind === 'User' || kind === 'Group' || kind === 'ServiceAccount';
                    if (!known) return;
                    openAccess(clusterId, {
                      view: 'can',
                      who: { kind, namespace: own, name, groups: [] },
                      question: {
                        verb: cell?.[0][0] ?? cell?.[1][0] ?? 'get',
                        target: targetText(target.group, target.resource, target.subresource),
                        name: '',
                        namespace,
                      },
                    });
                  };
                  return (
                    <button type="button" role="cell" key={index} className={styles.cell} onClick={ask}>
                      <Cell cell={cell} />
                    </button>
                  );
                })}
              </div>
            );
          })}
        </div>
      </div>
    </>
  );
}

function Cell({ cell }: { readonly cell: MatrixCell | undefined }): ReactNode {
  if (!cell) return null;
  const [all, some] = cell;
  if (all.length + some.length === 0) return <span className={styles.muted}>·</span>;
  return (
    <span
      data-tip={[all.join(', '), some.length > 0 ? `${some.join(', ')} on some names` : '']
        .filter(Boolean)
        .join('\n')}
    >
      {all.map((verb) => letters[verb]).join('')}
      {some.length > 0 && <i>{some.map((verb) => letters[verb]).join('')}</i>}
    </span>
  );
}
