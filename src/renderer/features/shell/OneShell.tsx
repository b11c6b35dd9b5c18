/** One shell in one container, with the choice of another container of the pod. */
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { shell, type ShellContainer, type TerminalEnd } from '#shared/contract/shell';
import { visible as visibleText } from '#shared/util/text';
import { useCluster, useClusterId } from '../../data/connections';
import { useCommandList } from '../../data/command-registry';
import { shortName, type ShellTarget } from '../../data/open-terminals';
import { TerminalPanel } from '../../data/TerminalPanel';
import { Button } from '../../ui/Button';
import styles from './shell.module.css';

/** The command that debugs a pod, when some feature brings it. */
const DEBUG_COMMAND = 'object.debug';

export interface OneShellProps {
  readonly target: ShellTarget;
  /** Names the terminal in its host. */
  readonly keep: string;
  /** It runs already: nothing is started. */
  readonly again: boolean;
  /** The name for a terminal that is opened in place of one that ended. */
  readonly onFresh: () => string;
  readonly visible: boolean;
  readonly onLink: (link: { input(data: string): void } | undefined) => void;
  readonly onInput: ((data: string) => void) | undefined;
  readonly onTarget: (target: ShellTarget) => void;
  readonly controls: ReactNode;
}

export function OneShell(props: OneShellProps): ReactNode {
  const { target, keep, again, onFresh, visible, onLink, onInput, onTarget, controls } = props;
  const { namespace, pod } = target;
  const client = useCluster();
  const opened = useRef(false);
  const [containers, setContainers] = useState<readonly ShellContainer[]>([]);
  useEffect(() => {
    if (!client) return undefined;
    const stop = new AbortController();
    client.call(shell, 'containers', { namespace, pod }, stop.signal).then(setContainers, () => undefined);
    return () => stop.abort();
  }, [client, namespace, pod]);
  const chosen = target.container ?? containers.find((one) => one.default)?.name;
  const name = `${shortName(pod)}${chosen === undefined ? '' : ` / ${chosen}`}`;
  return (
    <TerminalPanel
      label={`Shell in ${pod}${target.container === undefined ? '' : `, container ${target.container}`}`}
      title={name}
      visible={visible}
      open={
        client &&
        ((size, listener) => {
          const first = !opened.current;
          opened.current = true;
          return client.open(
            shell,
            'open',
            {
              namespace,
              pod,
              ...(target.container === undefined ? {} : { container: target.container }),
              size,
              keep: first ? keep : onFresh(),
              ...(first && again ? { again } : {}),
            },
            listener,
          );
        })
      }
      againVerb="Reconnect"
      onLink={onLink}
      {...(onInput ? { onInput } : {})}
      remedy={(end) => <Remedy end={end} target={target} />}
      controls={
        <>
          {containers.filter((one) => one.running).length > 1 && (
            <select
              className={styles.containers}
              aria-label="Container"
              value={chosen ?? ''}
              onChange={(event) => onTarget({ namespace, pod, container: event.target.value })}
            >
              {containers.map((one) => (
                <option key={one.name} value={one.name} disabled={!one.running}>
                  {visibleText(one.name)}
                  {one.type === 'container' ? '' : ` (${one.type})`}
                  {one.running ? '' : ', not running'}
                </option>
              ))}
            </select>
          )}
          {controls}
        </>
      }
    />
  );
}

/** A container without a shell is debugged from beside. */
function Remedy({ end, target }: { readonly end: TerminalEnd; readonly target: ShellTarget }): ReactNode {
  const list = useCommandList();
  const clusterId = useClusterId();
  const debug = list.all.find((command) => command.id === DEBUG_COMMAND);
  if (!debug || !('error' in end) || end.error.code !== 'no-shell') return null;
  const { namespace, pod } = target;
  return (
    <Button
      onClick={() =>
        void debug.run({
          ...list.context(),
          clusterId,
          selection: [{ kind: 'pods', namespace, name: pod, uid: '' }],
        })
      }
    >
      Debug this pod
    </Button>
  );
}
