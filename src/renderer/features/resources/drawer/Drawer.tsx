/**
 * One object in detail, live while open. It is read at once; only while the selection moves on and
 * on, as with a held arrow key, it waits for a rest, so that no stream is opened per row.
 * Deleted, replaced and stale are said in place and what was known stays.
 */
import { IconCopy, IconX } from '@tabler/icons-react';
import { lazy, Suspense, useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { resources, type ObjectState } from '#shared/contract/resources';
import { str } from '#shared/k8s/read';
import { visible } from '#shared/util/text';
import { useClusterId, useCluster, useStream } from '../../../data/connections';
import { useKind, useThisCluster } from '../../../data/cluster-data';
import { drawerTabsOf } from '../../../data/extensions';
import type { DrawerProps } from '../../../data/feature';
import { ObjectMenuButton } from '../../../data/ObjectMenuButton';
import type { DrawerTarget } from '../../../data/workbench';
import { openDrawer } from '../../../data/workbench';
import { IconButton } from '../../../ui/Button';
import { ErrorState } from '../../../ui/ErrorState';
import { StatusMark } from '../../../ui/StatusMark';
import { copyText } from '../clipboard';
import styles from './drawer.module.css';
import { EventList } from './EventList';
import { field, type FactLink, type PlainObject } from './facts';
import { Sentence } from './Sentence';
import { Summary } from './Summary';

const YamlTab = lazy(() => import('./YamlTab').then((module) => ({ default: module.YamlTab })));

/** The selection rests when it has not moved for this long (ms). */
const REST = 120;

/** `summary`, `events`, `yaml`, or a tab another feature adds. */
type TabId = string;

export function Drawer({ target, onClose }: DrawerProps): ReactNode {
  const settled = useSettled(target);
  const [tab, setTab] = useState<TabId>('summary');
  const key = `${settled.kind}/${settled.namespace}/${settled.name}`;
  return <Content key={key} target={target} settled={settled} tab={tab} onTab={setTab} onClose={onClose} />;
}

/** The target at once when it comes after a rest; while it moves on and on, the last one when it rests. */
function useSettled(target: DrawerTarget): DrawerTarget {
  const [settled, setSettled] = useState(target);
  const moved = useRef({ target, at: -Infinity });
  const now = performance.now();
  let shown = settled;
  if (moved.current.target !== target) {
    const rested = now - moved.current.at > REST;
    moved.current = { target, at: now };
    if (rested) {
      shown = target;
      setSettled(target);
    }
  }
  useEffect(() => {
    const timer = setTimeout(() => setSettled(target), REST);
    return () => clearTimeout(timer);
  }, [target]);
  return shown;
}

interface ContentProps {
  readonly target: DrawerTarget;
  readonly settled: DrawerTarget;
  readonly tab: TabId;
  readonly onTab: (tab: TabId) => void;
  readonly onClose: () => void;
}

function Content({ target, settled, tab: chosen, onTab, onClose }: ContentProps): ReactNode {
  const clusterId = useClusterId();
  const client = useCluster();
  const kind = useKind(target.kind);
  const { status, kinds } = useThisCluster();
  const { kind: kindId, namespace, name } = settled;
  const reference = { kind: kindId, namespace, name };
  const { data, open, error } = useStream(client, resources, 'object', reference);
  const moving = target.name !== name || target.namespace !== namespace || target.kind !== kindId;
  const object = moving ? undefined : (data?.object as PlainObject | undefined);
  const uid = str(field(object, 'metadata', 'uid'));
  const events = useStream(uid === '' ? undefined : client, resources, 'events', { ...reference, uid });
  const go = (link: FactLink): void => openDrawer(clusterId, link);
  const owner = ownerOf(object);
  const ownerKind = owner && kinds?.kinds.find((one) => one.kind === owner.kind && one.group === owner.group);

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || event.defaultPrevented) return;
    event.stopPropagation();
    onClose();
  };
  const added = drawerTabsOf(kindId);
  const tabs: readonly (readonly [TabId, string])[] = [
    ['summary', 'Summary'],
    ['events', `Events${events.data ? ` ${events.data.events.length}` : ''}`],
    ...added.map((one): readonly [TabId, string] => [one.id, one.title]),
    ['yaml', 'YAML'],
  ];
  // The tab of a pod need not exist for its ConfigMap.
  const tab = tabs.some(([id]) => id === chosen) ? chosen : 'summary';
  const extra = added.find((one) => one.id === tab);
  const failed =
    !moving && data?.object === undefined ? (data?.error ?? (open ? undefined : error)) : undefined;

  return (
    <div className={styles.drawer} onKeyDown={onKeyDown}>
      <div className={styles.head}>
        <div className={styles.origin}>
          <span className="mono">{kind?.tag ?? ''}</span> {kind?.singular ?? target.tab ?? target.kind}
          {target.namespace !== '' && (
            <>
              {' in '}
              <button
                type="button"
                className={styles.link}
                onClick={() => go({ kind: 'namespaces', namespace: '', name: target.namespace })}
              >
                {visible(target.namespace)}
              </button>
            </>
          )}
          {owner && (
            <>
              {', of '}
              {ownerKind ? (
                <button
                  type="button"
                  className={styles.link}
                  onClick={() =>
                    go({
                      kind: ownerKind.id,
                      namespace: ownerKind.namespaced ? namespace : '',
                      name: owner.name,
                    })
                  }
                >
                  {ownerKind.tag} {visible(owner.name)}
                </button>
              ) : (
                `${owner.kind} ${visible(owner.name)}`
              )}
            </>
          )}
        </div>
        <div className={styles.title}>
          <h2>{visible(target.name)}</h2>
          <IconButton label="Copy name" onClick={() => void copyText(target.name)}>
            <IconCopy />
          </IconButton>
        </div>
        <div className={styles.corner}>
          {uid !== '' && data?.phase !== 'deleted' && (
            <ObjectMenuButton object={{ kind: kindId, namespace, name, uid }} />
          )}
          <IconButton label="Close details" onClick={onClose}>
            <IconX />
          </IconButton>
        </div>
      </div>
      {!moving && data && <Notice state={data} lost={!open} />}
      {object && data?.phase !== 'deleted' && (
        <Sentence kind={kindId} object={object} clockOffset={status?.clockOffset ?? 0} />
      )}
      {failed && <ErrorState title={`${kind?.singular ?? 'Object'} cannot be shown`} error={failed} />}
      <div className={styles.tabs} role="tablist" aria-label="Details">
        {tabs.map(([id, title]) => (
          <button key={id} type="button" role="tab" aria-selected={tab === id} onClick={() => onTab(id)}>
            {title}
          </button>
        ))}
      </div>
      {object && tab === 'summary' && (
        <div
          className={styles.body}
          data-old={data?.phase === 'live' || data?.phase === 'replaced' ? undefined : ''}
        >
          <Summary
            client={client}
            reference={reference}
            uid={uid}
            object={object}
            clockOffset={status?.clockOffset ?? 0}
            onGo={go}
          />
        </div>
      )}
      {object && tab === 'events' && (
        <div className={styles.body}>
          <EventList state={events.data} clockOffset={status?.clockOffset ?? 0} />
        </div>
      )}
      {object && extra && <extra.component reference={reference} object={object} />}
      {object && tab === 'yaml' && (
        <Suspense fallback={null}>
          <YamlTab
            client={client}
            reference={reference}
            version={str(field(object, 'metadata', 'resourceVersion'))}
          />
        </Suspense>
      )}
      {!object && !failed && <div className={styles.body} aria-busy="true" />}
    </div>
  );
}

/** Deleted, replaced, stale: said above what is still shown. */
function Notice({ state, lost }: { readonly state: ObjectState; readonly lost: boolean }): ReactNode {
  const text =
    state.phase === 'deleted'
      ? 'Deleted. These are its last known details.'
      : state.phase === 'replaced'
        ? 'Replaced: an object of the same name with a new uid. These are the details of the new one.'
        : state.phase === 'stale'
          ? `Stale: ${state.error?.message ?? 'the connection is lost.'}`
          : lost && state.object
            ? 'Stale: the process that reads this cluster is away.'
            : undefined;
  if (text === undefined) return null;
  return (
    <div className={styles.notice} role="status">
      <StatusMark tone={state.phase === 'deleted' ? 'idle' : 'warn'} />
      {text}
    </div>
  );
}

function ownerOf(object: PlainObject | undefined): { kind: string; group: string; name: string } | undefined {
  const list = field(object, 'metadata', 'ownerReferences');
  if (!Array.isArray(list)) return undefined;
  const owner: unknown = list.find((one) => field(one, 'controller') === true) ?? list[0];
  const name = str(field(owner, 'name'));
  const version = str(field(owner, 'apiVersion'));
  const group = version.includes('/') ? (version.split('/')[0] ?? '') : '';
  return name === '' ? undefined : { kind: str(field(owner, 'kind')), group, name };
}
