/**
 * Follows what a forward points at and the pods behind it, so that it heals when they are replaced.
 * Guarantees: a Service or workload is followed by its selector, also when that changes; a pod by
 * its name and, when a controller other than a StatefulSet owns it, by the controller's pods;
 * the last known pods stay while the connection to the API server is interrupted.
 * Does not: list anything once its scope has ended.
 */
import type { ForwardTarget } from '#shared/contract/forward';
import type { LabelSelector, Pod, StringMap } from '#shared/k8s/types';
import { formatSelector } from '#shared/k8s/selector';
import { Scope } from '#shared/rpc/scope';
import { fail, toAppError, type AppError } from '#shared/util/app-error';
import type { Api } from '../../k8s/api';
import { resourcePath } from '../../k8s/path';
import { watchFew, type FewState } from '../../k8s/watch-few';
import { labelQuery, type Candidates, type ForwardService } from './choose';

export interface TargetState {
  /** `loading` until the first answer; `stale`: what is known may be old. */
  readonly phase: 'loading' | 'live' | 'stale' | 'failed';
  readonly candidates: Candidates;
  readonly error?: AppError;
}

interface Workload {
  readonly spec?: { readonly selector?: LabelSelector | StringMap };
}

/** Kinds with a selector of pods, and where they are served. */
const workloads: Readonly<
  Record<string, { group: string; version: string; resource: string; title: string }>
> = {
  'deployments.apps': { group: 'apps', version: 'v1', resource: 'deployments', title: 'Deployment' },
  'replicasets.apps': { group: 'apps', version: 'v1', resource: 'replicasets', title: 'ReplicaSet' },
  'statefulsets.apps': { group: 'apps', version: 'v1', resource: 'statefulsets', title: 'StatefulSet' },
  'daemonsets.apps': { group: 'apps', version: 'v1', resource: 'daemonsets', title: 'DaemonSet' },
  'jobs.batch': { group: 'batch', version: 'v1', resource: 'jobs', title: 'Job' },
  replicationcontrollers: {
    group: '',
    version: 'v1',
    resource: 'replicationcontrollers',
    title: 'ReplicationController',
  },
};
const services = { group: '', version: 'v1', resource: 'services', title: 'Service' };
const byTitle = new Map(Object.values(workloads).map((kind) => [kind.title, kind]));

export class TargetWatch {
  private current: TargetState;
  private object: FewState | undefined;
  private service: ForwardService | undefined;
  private pods: FewState | undefined;
  private podsScope: Scope | undefined;
  private podsQuery = '';
  /** Read once: why the target can never have pods. */
  private never: AppError | undefined;
  private readonly words: string;
  /** How the pod is followed, for a sentence. */
  follows: 'name' | 'selector' = 'selector';
  private readonly listeners = new Set<() => void>();

  constructor(
    private readonly api: Api,
    private readonly target: ForwardTarget,
    private readonly scope: Scope,
  ) {
    const { kind, namespace, name } = target;
    const title = kind === 'pods' ? 'Pod' : kind === 'services' ? 'Service' : workloads[kind]?.title;
    this.words = `${title ?? kind} ${namespace}/${name}`;
    this.current = { phase: 'loading', candidates: { words: this.words, pods: [] } };
    if (kind === 'pods') void this.followPod();
    else if (title !== undefined) this.followObject(kind === 'services' ? services : workloads[kind]);
    else this.refuse(fail('unsupported', `${kind} have no pods that can be forwarded to.`).error);
  }

  get state(): TargetState {
    return this.current;
  }

  /** Called after every change, until the scope ends. */
  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private followObject(kind: { group: string; version: string; resource: string } | undefined): void {
    if (!kind) return;
    const { namespace, name } = this.target;
    watchFew({
      api: this.api,
      path: resourcePath({ ...kind, namespace }),
      query: { fieldSelector: `metadata.name=${name}` },
      scope: this.scope,
      onChange: (state) => {
        this.object = state;
        const [found] = [...state.items.values()];
        if (found && state.phase !== 'gone') this.read(found as unknown as ForwardService & Workload);
        this.update();
      },
    });
  }

  private read(found: ForwardService & Workload): void {
    this.never = undefined;
    if (this.target.kind === 'services') {
      this.service = found;
      const { type, selector, externalName } = found.spec ?? {};
      const query = labelQuery(selector);
      if (type === 'ExternalName')
        this.never = fail(
          'unsupported',
          `${this.words} is only a name for ${externalName ?? 'another host'}; it has no pods.`,
        ).error;
      else if (query === undefined)
        this.never = fail('unsupported', `${this.words} has no selector: its endpoints are set by hand.`, {
          hint: 'Forward to one of its pods.',
        }).error;
      else this.followPods({ labelSelector: query });
      return;
    }
    const selector = found.spec?.selector;
    const isPlain = this.target.kind === 'replicationcontrollers';
    const query = isPlain ? labelQuery(selector as StringMap) : selectorQuery(selector as LabelSelector);
    if (query === undefined) this.never = fail('unsupported', `${this.words} selects no pods.`).error;
    else this.followPods({ labelSelector: query });
  }

  /** A pod is followed by name; one of a controller also by its controller's selector. */
  private async followPod(): Promise<void> {
    const { namespace, name } = this.target;
    const byName = { fieldSelector: `metadata.name=${name}` };
    try {
      const query = await this.ownerQuery();
      if (this.scope.disposed) return;
      this.follows = query === undefined ? 'name' : 'selector';
      this.followPods(query === undefined ? byName : { labelSelector: query });
    } catch (thrown) {
      if (this.scope.disposed) return;
      const error = toAppError(thrown);
      // Not allowed to look at the owner: the name is still good.
      this.follows = 'name';
      if (error.code === 'not-found')
        return this.refuse({ ...error, message: `Pod ${namespace}/${name} does not exist.` });
      this.followPods(byName);
    }
  }

  private async ownerQuery(): Promise<string | undefined> {
    const { namespace, name } = this.target;
    const core = { group: '', version: 'v1' };
    let owner = ownerOf(await this.get<Pod>(resourcePath({ ...core, resource: 'pods', namespace, name })));
    for (let depth = 0; depth < 3 && owner; depth += 1) {
      const kind = byTitle.get(owner.kind);
      // The pods of a StatefulSet keep their names and are not alike.
      if (!kind || owner.kind === 'StatefulSet') return undefined;
      const object: Pod & Workload = await this.get(resourcePath({ ...kind, namespace, name: owner.name }));
      const next = ownerOf(object);
      if (!next || !byTitle.has(next.kind)) {
        const { selector } = object.spec ?? {};
        return owner.kind === 'ReplicationController'
          ? labelQuery(selector as StringMap)
          : selectorQuery(selector as LabelSelector);
      }
      owner = next;
    }
    return undefined;
  }

  private get<T>(path: string): Promise<T> {
    return this.api.json<T>({ path }, this.scope.signal);
  }

  private followPods(query: Readonly<Record<string, string>>): void {
    const key = JSON.stringify(query);
    if (key === this.podsQuery) return;
    this.podsQuery = key;
    this.podsScope?.dispose();
    this.podsScope = this.scope.child('pods');
    watchFew({
      api: this.api,
      path: resourcePath({ group: '', version: 'v1', resource: 'pods', namespace: this.target.namespace }),
      query,
      scope: this.podsScope,
      onChange: (state) => {
        this.pods = state;
        this.update();
      },
    });
  }

  private refuse(error: AppError): void {
    this.never = error;
    this.update();
  }

  private update(): void {
    const { kind, name } = this.target;
    const pods = this.never ? [] : ([...(this.pods?.items.values() ?? [])] as unknown as Pod[]);
    const candidates: Candidates = {
      words: this.words,
      pods,
      ...(this.service === undefined ? {} : { service: this.service }),
      ...(kind === 'pods' ? { wanted: name } : {}),
    };
    this.current = { candidates, ...this.phase() };
    for (const listener of [...this.listeners]) listener();
  }

  private phase(): Pick<TargetState, 'phase' | 'error'> {
    const { object, pods, never } = this;
    if (never) return { phase: 'failed', error: never };
    const lost = [object, pods].find(
      (state) => state && (state.phase === 'denied' || state.phase === 'failed'),
    );
    if (lost) return { phase: 'failed', ...(lost.error && { error: lost.error }) };
    if (object?.phase === 'live' && object.items.size === 0)
      return { phase: 'failed', error: { code: 'not-found', message: `${this.words} does not exist.` } };
    const stale = [object, pods].find((state) => state?.phase === 'stale');
    if (stale) return { phase: 'stale', ...(stale.error && { error: stale.error }) };
    return { phase: pods?.phase === 'live' ? 'live' : 'loading' };
  }
}

function ownerOf(object: Pod): { kind: string; name: string } | undefined {
  const list = object.metadata.ownerReferences ?? [];
  return list.find((owner) => owner.controller === true);
}

function selectorQuery(selector: LabelSelector | undefined): string | undefined {
  const text = formatSelector(selector);
  return text === '' || text === 'all' ? undefined : text;
}
