/** Frames a view as somebody else: a striped edge, words that say whose rights these are, one click to leave. */
import { memo, type ReactNode } from 'react';
import { visible } from '#shared/util/text';
import { useAppData } from '../data/app-data';
import { useClusterData } from '../data/cluster-data';
import { leaveViewAs } from '../data/view-as';
import { Button } from '../ui/Button';
import styles from './view-as-bar.module.css';

export const ViewAsBar = memo(function ViewAsBar({ contextId }: { readonly contextId: string }): ReactNode {
  const context = useAppData((state) => state.contextById.get(contextId));
  const base = useAppData((state) => state.contextById.get(context?.viewAs?.of ?? '')?.name);
  const { status } = useClusterData(contextId);
  if (!context?.viewAs) return null;
  const { user, groups } = context.viewAs;
  // What the server says, as soon as it has said it: it adds groups of its own.
  const known = status?.user?.groups ?? groups;
  return (
    <div className={styles.bar} role="status" aria-label="View as somebody else">
      <span className={styles.stripes} aria-hidden />
      <p className={styles.text}>
        Seen as <b>{visible(user)}</b>
        {known.length > 0 && <span className={styles.muted}> in {known.map(visible).join(', ')}</span>}
        <span className={styles.muted}>
          . Everything here is what they may do{base === undefined ? '' : ` in ${visible(base)}`}; changes are
          made as them.
        </span>
      </p>
      <Button look="primary" onClick={() => leaveViewAs(contextId)}>
        Leave this view
      </Button>
    </div>
  );
});
