/**
 * One kind kept live in compact form: list and watch of the whole cluster, or, where that is
 * denied, of each namespace that is known. Guarantees: a relist swaps and never blanks; whoever
 * may read neither is told so in `state`. Ends with its scope.
 */
import type { RbacSource, RbacSourceId } from '#shared/contract/rbac';
import type { TableState } from '#shared/contract/resources';
import type { KubeObject } from '#shared/kinds/define';
import type { Scope } from '#shared/rpc/scope';
import type { AppError } from '#shared/util/app-error';
import { systemClock } from '../../engine/clock';
import type { Gate } from '../../engine/gate';
import { objectMask } from '../../engine/decode/mask';
import { startReflector } from '../../engine/reflector';
import type { ReflectorSink } from '../../engine/reflector-types';
import type { Api } from '../../k8s/api';
import { resourcePath } from '../../k8s/path';
import type { Form } from './forms';

/** Namespaces that are followed one by one. */
const MOST_SPACES = 50;

export interface FeedOptions<T> {
  readonly id: RbacSourceId;
  readonly form: Form<T>;
  readonly api: Api;
  readonly gate: Gate;
  readonly scope: Scope;
  readonly namespaces: () => readonly string[];
  readonly onChange: () => void;
}

interface Part<T> {
  items: Map<string, T>;
  state: TableState;
  readonly scope: Scope;
}

export class Feed<T> {
  private readonly options: FeedOptions<T>;
  private readonly whole: Part<T>;
  private readonly parts = new Map<string, Part<T>>();

  constructor(options: FeedOptions<T>) {
    this.options = options;
    this.whole = this.start('');
  }

  *items(): Iterable<T> {
    yield* this.whole.items.values();
    for (const part of this.parts.values()) yield* part.items.values();
  }

  /** More namespaces are known now. */
  spread(): void {
    if (this.whole.state.phase !== 'denied' || !this.options.form.namespaced) return;
    for (const namespace of this.options.namespaces().slice(0, MOST_SPACES)) {
      if (!this.parts.has(namespace)) this.parts.set(namespace, this.start(namespace));
    }
  }

  /** Has said for the first time what it can: read, or denied. */
  get settled(): boolean {
    if (isReading(this.whole.state)) return false;
    return ![...this.parts.values()].some((part) => isReading(part.state));
  }

  get state(): RbacSource {
    const { id } = this.options;
    const count = [this.whole, ...this.parts.values()].reduce((sum, part) => sum + part.items.size, 0);
    const { state } = this.whole;
    if (state.phase !== 'denied') return { id, phase: phaseOf(state), count, ...errorOf(state) };
    const read = [...this.parts].filter(([, part]) => part.state.phase !== 'denied');
    const namespaces = read.map(([namespace]) => namespace);
    return { id, phase: 'denied', count, ...errorOf(state), ...(read.length > 0 ? { namespaces } : {}) };
  }

  private start(namespace: string): Part<T> {
    const { api, gate, form, scope, onChange } = this.options;
    const { group, resource } = form;
    const own = scope.child(`rbac ${resource} ${namespace}`);
    const part: Part<T> = {
      items: new Map(),
      state: { phase: 'listing', loaded: 0, expected: null },
      scope: own,
    };
    const read = (object: KubeObject): T => form.read(object as Parameters<Form<T>['read']>[0]);
    const sink: ReflectorSink = {
      beginReplace: () => {
        let next = new Map<string, T>();
        return {
          add: (object) => void next.set(object.metadata.uid, read(object)),
          restart: () => (next = new Map()),
          commit: () => {
            part.items = next;
            onChange();
          },
        };
      },
      upsert: (object) => {
        part.items.set(object.metadata.uid, read(object));
        onChange();
      },
      remove: (uid) => {
        if (part.items.delete(uid)) onChange();
      },
      flush: () => undefined,
      skipped: () => undefined,
      state: (state) => {
        const before = part.state.phase;
        part.state = state;
        if (namespace === '') this.wholeChanged();
        if (before !== state.phase) onChange();
      },
    };
    const path = resourcePath({ group, version: 'v1', resource, ...(namespace === '' ? {} : { namespace }) });
    startReflector(
      {
        api,
        gate,
        clock: systemClock,
        source: { path, mask: objectMask({ mask: form.mask }), table: false },
        watchable: true,
        sink,
      },
      own,
    );
    return part;
  }

  private wholeChanged(): void {
    // During construction the part is not there yet.
    const whole = this.whole as Part<T> | undefined;
    if (!whole) return;
    if (whole.state.phase === 'denied') {
      whole.items = new Map();
      this.spread();
    } else if (whole.state.phase === 'live' && this.parts.size > 0) {
      for (const part of this.parts.values()) part.scope.dispose();
      this.parts.clear();
    }
  }
}

function isReading({ phase }: TableState): boolean {
  return phase === 'listing';
}

function phaseOf(state: TableState): RbacSource['phase'] {
  switch (state.phase) {
    case 'listing':
      return 'reading';
    case 'live':
    case 'polling':
      return 'live';
    case 'denied':
      return 'denied';
    default:
      return 'stale';
  }
}

function errorOf(state: TableState): { readonly error?: AppError } {
  return 'error' in state ? { error: state.error } : {};
}
