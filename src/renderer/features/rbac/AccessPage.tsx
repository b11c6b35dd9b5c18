/** Who may do what in this cluster, and why: one page, a view for each way to ask. */
import { type ReactNode } from 'react';
import type { RbacState, SubjectNames } from '#shared/contract/rbac';
import { visible as visibleText } from '#shared/util/text';
import { useClusterId } from '../../data/connections';
import type { PageProps } from '../../data/feature';
import { Choice } from '../../ui/Choice';
import { StatusMark } from '../../ui/StatusMark';
import styles from './access.module.css';
import { setAccess, useAccess, type AccessView } from './access-store';
import { CanView } from './CanView';
import { CompareView } from './CompareView';
import { EffectiveView } from './EffectiveView';
import { GrantView } from './GrantView';
import { GraphView } from './GraphView';
import { MatrixView } from './MatrixView';
import { RemoveView } from './RemoveView';
import { useAnswer, useRbacState } from './use-rbac';
import { WhoCanView } from './WhoCanView';

export interface ViewProps {
  /** Undefined until the first lists are read. */
  readonly version: number | undefined;
  readonly visible: boolean;
  readonly names: SubjectNames | undefined;
}

const views: readonly { readonly value: AccessView; readonly label: string }[] = [
  { value: 'who-can', label: 'Who can' },
  { value: 'can', label: 'Can they' },
  { value: 'effective', label: 'Effective rules' },
  { value: 'matrix', label: 'Matrix' },
  { value: 'compare', label: 'Compare' },
  { value: 'remove', label: 'Remove a binding' },
  { value: 'graph', label: 'Graph' },
  { value: 'grant', label: 'Grant' },
];

const parts: Partial<Readonly<Record<AccessView, (props: ViewProps) => ReactNode>>> = {
  'who-can': WhoCanView,
  can: CanView,
  effective: EffectiveView,
  matrix: MatrixView,
  compare: CompareView,
  remove: RemoveView,
  graph: GraphView,
  grant: GrantView,
};

export function AccessPage({ visible }: PageProps): ReactNode {
  const clusterId = useClusterId();
  const { view } = useAccess(clusterId);
  const state = useRbacState(visible);
  const version = state?.ready ? state.version : undefined;
  const names = useAnswer('names', {}, version, visible).data;
  const View = parts[view] ?? WhoCanView;
  return (
    <div className={styles.page}>
      <div className={styles.tool}>
        <Choice
          label="Question"
          options={views}
          value={view}
          onChange={(next) => setAccess(clusterId, { view: next })}
        />
      </div>
      <Lacks state={state} />
      <View version={version} visible={visible} names={names} />
    </div>
  );
}

/** How far reading is, and what the answers lack. */
export function Lacks({ state }: { readonly state: RbacState | undefined }): ReactNode {
  if (!state?.ready) {
    const read = state?.sources.reduce((sum, source) => sum + source.count, 0) ?? 0;
    return (
      <p className={styles.muted} role="status" aria-label="Reading">
        Reading roles and bindings{read > 0 ? `: ${read.toLocaleString('en')} so far` : ''}.
      </p>
    );
  }
  if (state.lacks.length === 0) return null;
  return (
    <div className={styles.lacks} role="status" aria-label="What answers lack">
      {state.lacks.map((line) => (
        <p key={line}>
          <StatusMark tone="warn" /> {visibleText(line)}
        </p>
      ))}
    </div>
  );
}
