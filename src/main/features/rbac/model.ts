/**
 * The cluster's RBAC objects, live while somebody asks and a minute longer, and the index over
 * them, built when the next question comes after a change. Pods are read only for those who ask
 * for them. What may not be read is known by name, so that answers can say what they lack.
 */
import type { RbacSource, RbacSourceId, RbacState } from '#shared/contract/rbac';
import { RbacIndex } from '#shared/domain/rbac/rbac-index';
import type { Scope } from '#shared/rpc/scope';
import type { Gate } from '../../engine/gate';
import type { Access, WhoAmI } from '../../k8s/access';
import type { Api } from '../../k8s/api';
import { Feed } from './feed';
import {
  accountForm,
  bindingForm,
  clusterBindingForm,
  clusterRoleForm,
  podForm,
  roleForm,
  type AccountForm,
  type Form,
  type PodForm,
} from './forms';
import type { Binding, Role } from '#shared/domain/rbac/types';

const LINGER_MS = 60_000;
/** A question waits at most this long for the first lists. */
const PATIENCE_MS = 20_000;

export interface ModelOptions {
  readonly api: Api;
  readonly gate: Gate;
  readonly access: Pick<Access, 'whoAmI'>;
  readonly namespaces: () => readonly string[];
  /** Calls the listener when namespaces become known. */
  readonly onNamespaces: (listener: () => void, scope: Scope) => void;
  readonly scope: Scope;
}

interface Feeds {
  readonly scope: Scope;
  readonly roles: Feed<Role>;
  readonly clusterRoles: Feed<Role>;
  readonly bindings: Feed<Binding>;
  readonly clusterBindings: Feed<Binding>;
  readonly accounts: Feed<AccountForm>;
}

export class RbacModel {
  private readonly options: ModelOptions;
  private feeds: Feeds | undefined;
  private pods: { readonly scope: Scope; readonly feed: Feed<PodForm> } | undefined;
  private users = 0;
  private podUsers = 0;
  private readonly listeners = new Set<() => void>();
  private built: { readonly version: number; readonly index: RbacIndex } | undefined;
  private version = 0;
  private meAsked: Promise<WhoAmI | undefined> | undefined;
  private meKnown: WhoAmI | undefined;

  constructor(options: ModelOptions) {
    this.options = options;
  }

  /** Live until the scope ends, and a minute longer. */
  use(scope: Scope, pods = false): void {
    this.users += 1;
    this.open();
    if (pods) {
      this.podUsers += 1;
      this.openPods();
    }
    scope.add(() => {
      this.users -= 1;
      if (pods) this.podUsers -= 1;
      if (this.options.scope.disposed) return;
      this.options.scope.timeout(() => this.close(), LINGER_MS);
    });
  }

  onChange(listener: () => void, scope: Scope): void {
    this.listeners.add(listener);
    scope.add(() => this.listeners.delete(listener));
  }

  /** The index over what is read now, once the first lists are there. */
  async index(signal: AbortSignal, pods = false): Promise<RbacIndex> {
    await this.ready(signal, pods);
    if (this.built?.version !== this.version) {
      const { feeds } = this;
      const snapshot = {
        roles: feeds ? [...feeds.roles.items(), ...feeds.clusterRoles.items()] : [],
        bindings: feeds ? [...feeds.bindings.items(), ...feeds.clusterBindings.items()] : [],
        serviceAccounts: this.accounts(),
        computeAggregation: false,
      };
      this.built = { version: this.version, index: new RbacIndex(snapshot) };
    }
    return this.built.index;
  }

  accounts(): AccountForm[] {
    return this.feeds ? [...this.feeds.accounts.items()] : [];
  }

  podList(): PodForm[] {
    return this.pods ? [...this.pods.feed.items()] : [];
  }

  get state(): RbacState {
    const sources: RbacSource[] = this.allFeeds().map((feed) => feed.state);
    return {
      ready: this.feeds !== undefined && this.allFeeds().every((feed) => feed.settled),
      sources,
      lacks: lacksOf(sources),
      version: this.version,
      ...(this.meKnown ? { me: this.meKnown } : {}),
    };
  }

  /** Who the server takes us for; asked once. */
  async me(signal: AbortSignal): Promise<WhoAmI | undefined> {
    this.meAsked ??= this.options.access.whoAmI(this.options.scope.signal).catch(() => {
      this.meAsked = undefined;
      return undefined;
    });
    const me = await this.meAsked;
    signal.throwIfAborted();
    if (me && !this.meKnown) {
      this.meKnown = me;
      this.tell();
    }
    return me;
  }

  private async ready(signal: AbortSignal, pods: boolean): Promise<void> {
    // A question by itself keeps the model for a minute too.
    if (this.users === 0) this.options.scope.timeout(() => this.close(), LINGER_MS);
    this.open();
    if (pods) this.openPods();
    const settled = (): boolean => this.allFeeds().every((feed) => feed.settled);
    if (settled()) return;
    const scope = this.options.scope.child('rbac wait');
    await new Promise<void>((done) => {
      const end = (): void => {
        scope.dispose();
        done();
      };
      this.onChange(() => settled() && end(), scope);
      scope.timeout(end, PATIENCE_MS);
      signal.addEventListener('abort', end, { once: true });
    });
    signal.throwIfAborted();
  }

  private open(): void {
    if (this.feeds) return;
    const scope = this.options.scope.child('rbac model');
    const feed = <T>(id: RbacSourceId, form: Form<T>): Feed<T> => this.feed(id, form, scope);
    this.feeds = {
      scope,
      roles: feed('roles', roleForm),
      clusterRoles: feed('clusterroles', clusterRoleForm),
      bindings: feed('rolebindings', bindingForm),
      clusterBindings: feed('clusterrolebindings', clusterBindingForm),
      accounts: feed('serviceaccounts', accountForm),
    };
    this.options.onNamespaces(() => {
      for (const one of this.allFeeds()) one.spread();
    }, scope);
    scope.add(() => {
      this.feeds = undefined;
      this.changed();
    });
  }

  private openPods(): void {
    if (this.pods) return;
    const scope = this.options.scope.child('rbac pods');
    this.pods = { scope, feed: this.feed('pods', podForm, scope) };
    scope.add(() => (this.pods = undefined));
  }

  private feed<T>(id: RbacSourceId, form: Form<T>, scope: Scope): Feed<T> {
    const { api, gate, namespaces } = this.options;
    return new Feed({ id, form, api, gate, scope, namespaces, onChange: () => this.changed() });
  }

  private close(): void {
    if (this.podUsers === 0) this.pods?.scope.dispose();
    if (this.users === 0) this.feeds?.scope.dispose();
  }

  private allFeeds(): Feed<unknown>[] {
    const { feeds, pods } = this;
    const own = feeds
      ? [feeds.roles, feeds.clusterRoles, feeds.bindings, feeds.clusterBindings, feeds.accounts]
      : [];
    return pods ? [...own, pods.feed] : own;
  }

  private changed(): void {
    this.version += 1;
    this.tell();
  }

  private tell(): void {
    for (const listener of [...this.listeners]) listener();
  }
}

const CONSEQUENCE: Readonly<Record<RbacSourceId, string>> = {
  roles: 'rights that come from Roles are missing from every answer',
  clusterroles: 'rights that come from ClusterRoles are missing from every answer',
  rolebindings: 'rights granted inside namespaces are missing from every answer',
  clusterrolebindings: 'rights granted in the whole cluster are missing from every answer',
  serviceaccounts: 'service accounts that no binding names are unknown',
  pods: 'which pods carry which rights is unknown',
};

export function lacksOf(sources: readonly RbacSource[]): string[] {
  return sources.flatMap(({ id, phase, namespaces, error }) => {
    if (phase === 'stale') return [`${id} are not current: ${error?.message ?? 'the watch broke off'}`];
    if (phase !== 'denied') return [];
    const shown = namespaces?.slice(0, 3).join(', ');
    const where = namespaces
      ? `You may list ${id} only in ${shown}${namespaces.length > 3 ? ` and ${namespaces.length - 3} more` : ''}`
      : `You may not list ${id}`;
    return [`${where}: ${CONSEQUENCE[id]}${namespaces ? ' about other namespaces' : ''}.`];
  });
}
