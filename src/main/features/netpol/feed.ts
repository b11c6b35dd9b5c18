/**
 * Lists and watches one kind for the model, in all namespaces or, where that is denied, in those
 * that are known. Keeps compact objects only; an object whose compact form did not change is no
 * change. Ends with its scope.
 */
import type { KindInfo } from '#shared/contract/cluster';
import type { NetpolPart } from '#shared/contract/netpol';
import type { TableState } from '#shared/contract/resources';
import { defineKind, type KubeObject } from '#shared/kinds/define';
import type { Scope } from '#shared/rpc/scope';
import { systemClock } from '../../engine/clock';
import type { Gate } from '../../engine/gate';
import { startReflector } from '../../engine/reflector';
import type { Reflector } from '../../engine/reflector-types';
import { sourceOf } from '../../engine/source';
import type { Api } from '../../k8s/api';
import type { PartDef } from './parts';

const MOST_NAMESPACES = 50;

export interface Kept {
  readonly uid: string;
  readonly key: string;
  readonly namespace: string;
  readonly value: object;
}

export interface FeedDeps {
  readonly api: Api;
  readonly gate: Gate;
  readonly scope: Scope;
  /** Namespaces to read one by one where the whole is denied. */
  readonly namespaces: () => readonly string[];
  /** `value` undefined: it is gone. */
  readonly onObject: (key: string, value: object | undefined) => void;
  /** A burst of changes is complete, or the state changed. */
  readonly onFlush: () => void;
}

interface Held extends Kept {
  readonly text: string;
  epoch: number;
}

export class Feed {
  readonly def: PartDef;
  private readonly deps: FeedDeps;
  private readonly kind: KindInfo;
  private readonly held = new Map<string, Held>();
  private readonly byKey = new Map<string, string>();
  private readonly reflectors = new Map<string, Reflector>();
  private epoch = 0;

  constructor(def: PartDef, kind: KindInfo, deps: FeedDeps) {
    this.def = def;
    this.kind = kind;
    this.deps = deps;
    this.start(undefined);
  }

  /** Objects kept. */
  get size(): number {
    return this.held.size;
  }

  *values(): Generator<object> {
    for (const { value } of this.held.values()) yield value;
  }

  suspend(): void {
    for (const one of this.reflectors.values()) one.suspend();
  }

  resume(): void {
    for (const one of this.reflectors.values()) one.resume();
  }

  /** Read once, or it will not be. */
  get settled(): boolean {
    return this.states().every(({ phase }) => phase !== 'listing');
  }

  get denied(): boolean {
    return this.states().every(({ phase }) => phase === 'denied' || phase === 'gone');
  }

  part(): NetpolPart {
    const { id, title } = this.def;
    const states = this.states();
    const failed = states.find((one) => 'error' in one) as { error: NetpolPart['error'] } | undefined;
    const namespaces = [...this.reflectors.keys()].filter((one) => one !== '');
    const phase = states.some((one) => one.phase === 'listing')
      ? 'reading'
      : this.denied
        ? 'denied'
        : states.some((one) => one.phase === 'stale' || one.phase === 'failed' || one.phase === 'catching-up')
          ? 'stale'
          : 'live';
    return {
      kind: id,
      title,
      phase,
      count: this.size,
      ...(namespaces.length > 0 ? { namespaces } : {}),
      ...(failed?.error && phase !== 'live' ? { error: failed.error } : {}),
    };
  }

  /** States of what counts: the parts, where the whole is denied and there are parts. */
  private states(): TableState[] {
    const whole = this.reflectors.get('')?.state ?? { phase: 'listing', loaded: 0, expected: null };
    if (whole.phase !== 'denied' || this.reflectors.size === 1) return [whole];
    const parts = [...this.reflectors].filter(([key]) => key !== '').map(([, one]) => one.state);
    const good = parts.filter(({ phase }) => phase !== 'denied');
    return good.length > 0 ? good : parts;
  }

  private onState(namespace: string | undefined, state: TableState): void {
    if (namespace === undefined && state.phase === 'denied' && this.def.namespaced) {
      for (const name of this.deps.namespaces().slice(0, MOST_NAMESPACES)) {
        if (!this.reflectors.has(name)) this.start(name);
      }
    }
    this.deps.onFlush();
  }

  private start(namespace: string | undefined): void {
    const { api, gate, scope, onFlush } = this.deps;
    const { def, kind } = this;
    const descriptor = defineKind({
      ...kind,
      versions: def.versions,
      mask: def.mask,
      columns: [],
    });
    const reflector = startReflector(
      {
        api,
        gate,
        clock: systemClock,
        source: sourceOf(kind, descriptor, namespace),
        watchable: kind.verbs.includes('watch'),
        sink: {
          beginReplace: () => {
            let mark = ++this.epoch;
            return {
              add: (object) => this.put(object, mark),
              restart: () => {
                mark = ++this.epoch;
              },
              commit: () => {
                for (const [uid, one] of this.held) {
                  if (one.epoch === mark) continue;
                  if (namespace === undefined || one.namespace === namespace) this.remove(uid);
                }
              },
            };
          },
          upsert: (object) => this.put(object, this.epoch),
          remove: (uid) => this.remove(uid),
          flush: onFlush,
          skipped: () => undefined,
          state: (state) => this.onState(namespace, state),
        },
      },
      scope,
    );
    this.reflectors.set(namespace ?? '', reflector);
  }

  private put(object: KubeObject, epoch: number): void {
    const { uid, name, namespace = '' } = object.metadata;
    const { group, version, kind } = this.kind;
    const value = this.def.keep(object, group === '' ? version : `${group}/${version}`, kind);
    const text = JSON.stringify(value);
    const before = this.held.get(uid);
    if (before?.text === text) {
      before.epoch = epoch;
      return;
    }
    const key = namespace === '' ? name : `${namespace}/${name}`;
    const namesake = this.byKey.get(key);
    if (namesake !== undefined && namesake !== uid) this.held.delete(namesake);
    this.byKey.set(key, uid);
    this.held.set(uid, { uid, key, namespace, value, text, epoch });
    this.deps.onObject(key, value);
  }

  private remove(uid: string): void {
    const one = this.held.get(uid);
    if (!one) return;
    this.held.delete(uid);
    if (this.byKey.get(one.key) !== uid) return;
    this.byKey.delete(one.key);
    this.deps.onObject(one.key, undefined);
  }
}
