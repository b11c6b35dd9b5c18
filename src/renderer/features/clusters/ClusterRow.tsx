/** One context in the list: what it is called, what state it is in, where it leads, what is wrong. */
import { IconDots, IconLock, IconStarFilled } from '@tabler/icons-react';
import type { HTMLAttributes, ReactNode } from 'react';
import type { ContextSummary, HostState } from '#shared/contract/app';
import { nameEnd, visible } from '#shared/util/text';
import { useAppData, useSettings } from '../../data/app-data';
import { useClusterData } from '../../data/cluster-data';
import { contextTitle } from '../../data/context-title';
import { disconnect, openCluster } from '../../data/session';
import { Badge } from '../../ui/Badge';
import { Button, IconButton } from '../../ui/Button';
import { clusterColor, clusterColorValue } from '../../ui/theme/cluster-color';
import { cssVars } from '../../ui/css-vars';
import styles from './clusters.module.css';
import type { ContextRow } from './list-model';

export interface ClusterRowProps {
  readonly row: ContextRow;
  readonly top: number;
  readonly isCursor: boolean;
  readonly isOver: boolean;
  readonly isDragged: boolean;
  readonly drag: HTMLAttributes<HTMLDivElement>;
  readonly onFocus: () => void;
  readonly onMenu: (x: number, y: number) => void;
}

export function ClusterRow(props: ClusterRowProps): ReactNode {
  const { row, top, isCursor, isOver, isDragged, drag, onFocus, onMenu } = props;
  const { context } = row;
  const own = useSettings().contexts[context.id];
  const host = useAppData((state) => state.hosts.get(context.id));
  const { status } = useClusterData(context.id);
  const { title, provider } = contextTitle(context, own?.alias);
  const label = provider ?? context.provider?.label;
  const color = clusterColorValue(clusterColor(context.name, own?.color));
  const running = host !== undefined && host.phase !== 'stopped' && host.phase !== 'failed';
  const file = visible(context.file);
  return (
    <div
      {...drag}
      role="row"
      className={styles.row}
      style={{ top, ...cssVars({ '--c': color }) }}
      data-id={context.id}
      data-over={isOver || undefined}
      data-dragged={isDragged || undefined}
      data-hidden={own?.hidden === true || undefined}
      tabIndex={isCursor ? 0 : -1}
      onFocus={onFocus}
      onDoubleClick={() => openCluster(context.id)}
      onContextMenu={(event) => {
        event.preventDefault();
        onMenu(event.clientX, event.clientY);
      }}
    >
      <span role="cell" className={styles.name} data-tip={nameTip(context)}>
        <i className={styles.bar} data-guard={own?.protected || own?.readOnly || undefined} />
        <Title text={title} />
        {label !== undefined && <span className={styles.badge}>{label}</span>}
        {own?.favourite && <IconStarFilled className={styles.star} aria-label="favourite" />}
        {own?.protected && <span className={styles.guard}>PROTECTED</span>}
        {own?.readOnly && (
          <span className={styles.guard}>
            <IconLock aria-hidden /> READ ONLY
          </span>
        )}
        {own?.hidden && <span className="muted">hidden</span>}
      </span>
      <span role="cell" className={styles.cell} data-wide={context.problem !== undefined || undefined}>
        <State context={context} host={host} phase={status?.phase} />
      </span>
      {context.problem === undefined && (
        <span role="cell" className={styles.cell} data-tip={visible(context.server)}>
          {visible(context.server.replace(/^https:\/\//, ''))}
        </span>
      )}
      <span role="cell" className={styles.cell} data-tip={`User ${visible(context.user)}`}>
        {context.auth.join(', ')}
      </span>
      <span role="cell" className={styles.cell} data-tip={file}>
        {visible(context.file.split(/[/\\]/).slice(-2).join('/'))}
      </span>
      <span role="cell" className={styles.actions}>
        {running && (
          <Button
            look="quiet"
            tabIndex={isCursor ? 0 : -1}
            onClick={() => disconnect(context.id)}
            aria-label={`Disconnect ${title}`}
          >
            Disconnect
          </Button>
        )}
        <Button
          tabIndex={isCursor ? 0 : -1}
          onClick={() => openCluster(context.id)}
          aria-label={`${running ? 'Show' : 'Connect'} ${title}`}
        >
          {running ? 'Show' : 'Connect'}
        </Button>
        <IconButton
          label={`More for ${title}`}
          tabIndex={isCursor ? 0 : -1}
          aria-haspopup="menu"
          onClick={(event) => {
            const box = event.currentTarget.getBoundingClientRect();
            onMenu(box.right - 220, box.bottom + 2);
          }}
        >
          <IconDots />
        </IconButton>
      </span>
    </div>
  );
}

/** Long names give way in their middle: the end tells siblings apart. */
function Title({ text }: { readonly text: string }): ReactNode {
  const end = text.length > 24 ? Math.max(8, Math.min(14, nameEnd(text).length)) : 0;
  return (
    <span className={styles.title}>
      <span>{text.slice(0, text.length - end)}</span>
      {end > 0 && <span>{text.slice(-end)}</span>}
    </span>
  );
}

function nameTip(context: ContextSummary): string {
  const { provider } = context;
  const where = [provider?.region, provider?.account, provider?.project].filter(Boolean).join(', ');
  return [visible(context.name), where].filter(Boolean).join('\n');
}

interface StateProps {
  readonly context: ContextSummary;
  readonly host: HostState | undefined;
  readonly phase: string | undefined;
}

function State({ context, host, phase }: StateProps): ReactNode {
  const { problem } = context;
  if (problem) {
    return (
      <Badge tone="bad" tip={[problem.message, problem.hint].filter(Boolean).join('\n')}>
        {visible(problem.message.replace(`${context.file}:`, 'line '))}
      </Badge>
    );
  }
  if (host === undefined || host.phase === 'stopped')
    return (
      <span className="muted" data-tip={host?.reason}>
        {host?.reason?.startsWith('Hibernated') ? 'hibernated' : 'not connected'}
      </span>
    );
  if (host.phase === 'failed')
    return (
      <Badge tone="bad" tip={host.reason}>
        stopped
      </Badge>
    );
  if (host.phase !== 'running') return <Badge tone="progress">{host.phase}</Badge>;
  if (phase === 'live') return <Badge tone="ok">live</Badge>;
  const isCalm =
    phase === undefined || phase === 'connecting' || phase === 'catching-up' || phase === 'signing-in';
  return <Badge tone={isCalm ? 'progress' : 'warn'}>{(phase ?? 'connecting').replace('-', ' ')}</Badge>;
}
