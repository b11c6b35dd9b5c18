/**
 * One object in detail, live while open. It is read at once; only while the selection moves on and
 * on, as with a held arrow key, it waits for a rest, so that no stream is opened per row.
 * Deleted, replaced and stale are said in place and what was known stays.
 */
import { IconArrowLeft, IconCopy, IconX } from '@tabler/icons-react';
import { useEffect, useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { resources, type ObjectState } from '#shared/contract/resources';
import { str } from '#shared/k8s/read';
import { visible } from '#shared/util/text';
import { copyText } from '../../../data/clipboard';
import { useClusterId, useCluster, useStream } from '../../../data/connections';
import { useKind, useThisCluster } from '../../../data/cluster-data';
import { drawerTabsOf } from '../../../data/extensions';
import type { DrawerProps } from '../../../data/feature';
import { ObjectMenuButton } from '../../../data/ObjectMenuButton';
import type { DrawerTarget } from '../../../data/workbench';
import { IconButton } from '../../../ui/Button';
import { ErrorState } from '../../../ui/ErrorState';
import { StatusMark } from '../../../ui/StatusMark';
import styles from './drawer.module.css';
import { field, type FactLink, type PlainObject } from './facts';
import { Sentence } from './Sentence';
import { keepVersion } from './history';
import { detailTabs, type DetailProps, type DetailTab } from './tabs';
import { goBack, goTo, useArrived, useBefore } from './trail';

/** The selection rests when it has not moved for this long (ms). */
const REST = 120;

export function Drawer({ target, onClose }: DrawerProps): ReactNode {
  const settled = useSettled(target);
  const [tab, setTab] = useState('summary');
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

const nothing = {};

/** Neighbours are asked anew when what selects them changes. */
function turnOf(object: PlainObject | undefined, uid: string): string {
  const generation = field(object, 'metadata', 'generation');
  const selector = field(object, 'spec', 'selector');
  return `${uid} ${typeof generation === 'number' ? generation : JSON.stringify(selector ?? '')}`.slice(
    0,
    256,
  );
}

interface ContentProps {
  readonly target: DrawerTarget;
  readonly settled: DrawerTarget;
  readonly tab: string;
  readonly onTab: (tab: string) => void;
  readonly onClose: () => void;
}

function Content({ target, settled, tab: chosen, onTab, onClose }: ContentProps): ReactNode {
  const clusterId = useClusterId();
  const client = useCluster();
  const box = useRef<HTMLDivElement>(null);
  const kind = useKind(target.kind);
  const { status, kinds } = useThisCluster();
  const { kind: kindId, namespace, name } = settled;
  const reference = { kind: kindId, namespace, name };
  const { data, open, error } = useStream(client, resources, 'object', reference);
  const moving = target.name !== name || target.namespace !== namespace || target.kind !== kindId;
  const object = moving ? undefined : (data?.object as PlainObject | undefined);
  const uid = str(field(object, 'metadata', 'uid'));
  const events = useStream(uid === '' ? undefined : client, resources, 'events', { ...reference, uid });
  const [, setChanges] = useState(0);
  const go = (link: FactLink): void => goTo(clusterId, link);
  const before = useBefore(clusterId, target);
  const arrived = useArrived(clusterId, target);
  // A link was followed: the keyboard stays in the drawer, so that Alt+Left goes back.
  useEffect(() => {
    if (arrived) box.current?.focus();
  }, [arrived]);
  const around = useStream(uid === '' ? undefined : client, resources, 'around', {
    ...reference,
    turn: turnOf(object, uid),
  });
  const facts = useMemo(
    () =>
      (events.data?.events ?? [])
        // What the server has forgotten says nothing about now.
        .filter(({ kept }) => kept !== true)
        .map(({ about, ...one }) => ({ ...one, about: `${about.kind} ${about.name}` })),
    [events.data],
  );
  useEffect(() => {
    if (object && keepVersion(`${clusterId}/${uid}`, object)) setChanges((count) => count + 1);
  }, [clusterId, uid, object]);
  const owner = ownerOf(object);
  const ownerKind = owner && kinds?.kinds.find((one) => one.kind === owner.kind && one.group === owner.group);

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.defaultPrevented) return;
    const isBack = event.altKey && event.key === 'ArrowLeft';
    if (event.key !== 'Escape' && !isBack) return;
    event.stopPropagation();
    if (!isBack) onClose();
    else if (goBack(clusterId)) event.preventDefault();
  };
  const failed =
    !moving && data?.object === undefined ? (data?.error ?? (open ? undefined : error)) : undefined;

  const props: DetailProps | undefined = object && {
    clusterId,
    client,
    reference,
    uid,
    object,
    around: around.data ?? nothing,
    events: events.data,
    facts,
    clockOffset: status?.clockOffset ?? 0,
    onGo: go,
  };
  const own = detailTabs.filter((one) => one.offered?.(kindId) ?? true);
  const added = drawerTabsOf(kindId);
  const tabs: readonly { id: string; title: string; count?: DetailTab['count'] }[] = [
    ...own.slice(0, 1),
    ...added,
    ...own.slice(1),
  ];
  // The tab of a pod need not exist for its ConfigMap.
  const tab = tabs.some((one) => one.id === chosen) ? chosen : 'summary';
  const Panel = own.find((one) => one.id === tab)?.component;
  const Added = added.find((one) => one.id === tab)?.component;
  const isOld = data !== undefined && data.phase !== 'live' && data.phase !== 'replaced';

  return (
    <div className={styles.drawer} ref={box} tabIndex={-1} onKeyDown={onKeyDown}>
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
          {before && (
            <IconButton label={`Back to ${before.name} (Alt+Left)`} onClick={() => goBack(clusterId)}>
              <IconArrowLeft />
            </IconButton>
          )}
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
      {props && data?.phase !== 'deleted' && <Sentence {...props} onTab={onTab} />}
      {failed && <ErrorState title={`${kind?.singular ?? 'Object'} cannot be shown`} error={failed} />}
      <div className={styles.tabs} role="tablist" aria-label="Details">
        {tabs.map((one) => {
          const count = props && one.count?.(props);
          return (
            <button
              key={one.id}
              type="button"
              role="tab"
              aria-selected={tab === one.id}
              onClick={() => onTab(one.id)}
            >
              {one.title}
              {count === undefined ? '' : ` ${count}`}
            </button>
          );
        })}
      </div>
      {props && Panel && (
        <div className={styles.body} data-old={isOld ? '' : undefined}>
          <Panel {...props} />
        </div>
      )}
      {object && Added && <Added reference={reference} object={object} />}
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
