/**
 * What is made to debug a pod or a node, before it is made: fields, rights, what the namespace would
 * say to it, the object itself. Stays open with the server's words when it is refused.
 */
import { useEffect, useMemo, useState, type ReactNode } from 'react';
import { debug, type DebuggablePod, type DebugTarget } from '#shared/contract/debug';
import type { RpcClient } from '#shared/rpc/client';
import { toAppError, type AppError } from '#shared/util/app-error';
import { visible } from '#shared/util/text';
import { clusterTitle, isProtected, readOnlyReason } from '../../data/confirm';
import { useConnections } from '../../data/connections';
import { useClusterData } from '../../data/cluster-data';
import type { SelectedObject } from '../../data/feature';
import { useWorkbench } from '../../data/workbench';
import { useAppData } from '../../data/app-data';
import { Choice } from '../../ui/Choice';
import { ConfirmDialog } from '../../ui/ConfirmDialog';
import { randomSuffix } from './command-line';
import { CopyFields, CopyMore } from './CopyFields';
import styles from './debug.module.css';
import { ContainerFields, MoreFields, NamespaceField } from './fields';
import { firstForm, mountsHost, problemsOf, requestOf, withPod, type DebugForm } from './form';
import { Guide } from './Guide';
import { PlanView } from './PlanView';
import { useRights } from './rights';
import { closeDebug, knownImages, makePod, openSession, rememberImage } from './sessions';
import { usePlan } from './use-plan';

export interface DebugDialogProps {
  readonly client: RpcClient | undefined;
  readonly clusterId: string;
  readonly object: SelectedObject;
}

const ways = [
  { value: 'ephemeral', label: 'Debug container in the pod' },
  { value: 'copy', label: 'Copy of the pod' },
] as const;

export function DebugDialog({ client, clusterId, object }: DebugDialogProps): ReactNode {
  const isNode = object.kind === 'nodes';
  const connections = useConnections();
  const [suffix] = useState(randomSuffix);
  const [form, setForm] = useState<DebugForm>(() =>
    firstForm(
      isNode ? 'node' : 'ephemeral',
      knownImages()[0] ?? '',
      isNode ? namespaceOf(clusterId) : object.namespace,
      object.name,
      suffix,
    ),
  );
  const [pod, setPod] = useState<DebuggablePod>();
  const [failure, setFailure] = useState<AppError>();
  const [busy, setBusy] = useState(false);
  const { namespace, name } = object;
  useEffect(() => {
    if (!client || isNode) return undefined;
    const stop = new AbortController();
    client.call(debug, 'pod', { namespace, pod: name }, stop.signal).then(
      (found) => {
        setPod(found);
        setForm((before) => withPod(before, found));
      },
      (thrown: unknown) => {
        if (!stop.signal.aborted) setFailure(toAppError(thrown));
      },
    );
    return () => stop.abort();
  }, [client, isNode, namespace, name]);

  const uid = pod?.uid ?? object.uid;
  const problems = problemsOf(form);
  const request = useMemo(
    () => (isNode || pod ? requestOf(form, { namespace, name, uid }, suffix) : undefined),
    [form, pod, isNode, namespace, name, uid, suffix],
  );
  const { plan, error: planError, current } = usePlan(client, request);
  const rights = useRights(clusterId, form, namespace, name);
  const blocked = rights.denied ?? (form.way === 'ephemeral' && pod?.mirror ? mirrorWords : undefined);
  const change = (part: Partial<DebugForm>): void => {
    setFailure(undefined);
    setForm((before) => ({ ...before, ...part }));
  };

  const create = async (): Promise<void> => {
    if (!client || !request) return;
    setBusy(true);
    setFailure(undefined);
    const made = madeName(request);
    const make = (): Promise<DebugTarget> => client.call(debug, 'create', request);
    try {
      const target = await (made ? makePod(clusterId, made, make) : make());
      if (request.image) rememberImage(request.image);
      closeDebug();
      openSession(clusterId, target, () => connections.cluster(clusterId));
    } catch (thrown) {
      const error = toAppError(thrown);
      setFailure(error);
      setBusy(false);
    }
  };

  return (
    <ConfirmDialog
      title={`Debug ${isNode ? 'node ' : ''}${visible(name)}`}
      place={clusterTitle(clusterId)}
      part={isNode ? undefined : namespace}
      verb={busy ? 'Creating…' : verbOf(form)}
      danger={form.way === 'copy' && form.replace}
      wide
      typeToConfirm={isProtected(clusterId) ? clusterTitle(clusterId) : undefined}
      refused={readOnlyReason(clusterId)}
      notYet={
        busy || !request || !client || blocked !== undefined || (current && plan?.problem !== undefined)
      }
      onAnswer={(yes) => (yes ? void create() : closeDebug())}
    >
      {!isNode && (
        <div className={styles.ways}>
          <Choice
            label="Way"
            options={ways}
            value={form.way as 'ephemeral' | 'copy'}
            onChange={(way) => change({ way })}
          />
        </div>
      )}
      {!isNode && pod && (
        <Guide
          pod={pod}
          form={form}
          onAttach={(container) => {
            closeDebug();
            openSession(clusterId, { way: 'ephemeral', namespace, pod: name, uid, container }, () =>
              connections.cluster(clusterId),
            );
          }}
        />
      )}
      {!isNode && !pod && !failure && <p className={styles.muted}>Reading the pod…</p>}
      {(isNode || pod) && (
        <div className={styles.form}>
          {isNode && <NodeNamespace clusterId={clusterId} form={form} onChange={change} />}
          {form.way === 'copy' && pod && (
            <CopyFields form={form} problems={problems} pod={pod} onChange={change} />
          )}
          <ContainerFields form={form} problems={problems} pod={pod} suffix={suffix} onChange={change} />
          {form.way === 'copy' && pod && <CopyMore form={form} pod={pod} onChange={change} />}
          <MoreFields form={form} problems={problems} onChange={change} />
        </div>
      )}
      <p className={styles.note}>{noteOf(form)}</p>
      {blocked !== undefined && <p className={styles.bad}>{visible(blocked)}</p>}
      {blocked === undefined && rights.warning !== undefined && (
        <p className={styles.warn}>{visible(rights.warning)}</p>
      )}
      {request && (
        <PlanView
          plan={plan}
          error={planError}
          request={request}
          onProfile={(profile) => change({ profile })}
        />
      )}
      {failure && (
        <div className={styles.failure} role="alert">
          <p>{visible(failure.message)}</p>
          {failure.hint !== undefined && <p className={styles.muted}>{visible(failure.hint)}</p>}
        </div>
      )}
    </ConfirmDialog>
  );
}

const mirrorWords =
  'This is a static pod: its kubelet runs it from a file on the node, and it takes no debug containers. Debug a copy of it, or its node.';

function NodeNamespace({
  clusterId,
  form,
  onChange,
}: {
  readonly clusterId: string;
  readonly form: DebugForm;
  readonly onChange: (part: Partial<DebugForm>) => void;
}): ReactNode {
  const { namespaces } = useClusterData(clusterId);
  return <NamespaceField form={form} names={namespaces?.names ?? []} onChange={onChange} />;
}

/** The pod a request makes, known before it is there. */
function madeName(
  request: NonNullable<ReturnType<typeof requestOf>>,
): { namespace: string; pod: string; way: 'copy' | 'node' } | undefined {
  const { namespace, suffix } = request;
  if (request.way === 'copy') return { namespace, pod: request.copyTo, way: 'copy' };
  if (request.way !== 'node') return undefined;
  const stem = `node-debugger-${request.node}`.slice(0, 253 - suffix.length - 1);
  return { namespace, pod: `${stem}-${suffix}`, way: 'node' };
}

function verbOf(form: DebugForm): string {
  if (form.way === 'ephemeral') return 'Add debug container';
  if (form.way === 'node') return 'Create debug pod';
  return form.replace ? 'Create copy, delete original' : 'Create copy';
}

function noteOf({ way, profile }: DebugForm): string {
  switch (way) {
    case 'ephemeral':
      return 'A debug container cannot be removed or changed: it ends when its process ends, and stays listed until the pod is deleted. What its terminal shows is also kept in its log.';
    case 'copy':
      return 'The copy runs beside the original. Its deletion is offered when its tab is closed.';
    case 'node':
      return `${mountsHost(profile) ? "The node's files are at /host: chroot /host makes them the root. " : ''}The pod is deleted when its tab is closed; after a crash of the app its deletion is offered at the next connect.`;
  }
}

/** The one namespace on screen, else the context's own. */
function namespaceOf(clusterId: string): string {
  const chosen = useWorkbench.getState().benches[clusterId]?.namespaces ?? [];
  const own = useAppData.getState().contextById.get(clusterId)?.namespace;
  return (chosen.length === 1 ? chosen[0] : undefined) ?? own ?? 'default';
}
