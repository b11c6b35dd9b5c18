/** State and badge of objects as their kind's columns tell them, kept as long as the object does not change. */
import type { RelationNode } from '#shared/domain/topology/graph';
import type { Health } from '#shared/domain/topology/map/types';
import type { AnyColumn, KindDescriptor, KubeObject } from '#shared/kinds/define';
import { knownKinds } from '#shared/kinds/registry';

interface Told {
  readonly health: Health | undefined;
  readonly badge: string;
}

interface Columns {
  readonly status: AnyColumn<KubeObject> | undefined;
  readonly ratio: AnyColumn<KubeObject> | undefined;
}

const byKind = new Map<string, Columns>(
  knownKinds.map((kind: KindDescriptor) => [
    `${kind.group}/${kind.kind}`,
    {
      status: kind.columns.find((column) => column.type === 'status'),
      ratio: kind.columns.find((column) => column.type === 'ratio' && column.optional !== true),
    },
  ]),
);

const NOTHING: Told = { health: undefined, badge: '' };

export class ObjectHealth {
  private readonly told = new WeakMap<object, Told>();

  of(node: RelationNode): Health | undefined {
    return this.tell(node).health;
  }

  badge(node: RelationNode): string {
    return this.tell(node).badge;
  }

  private tell({ group, kind, object }: RelationNode): Told {
    if (!object) return NOTHING;
    let told = this.told.get(object);
    if (!told) this.told.set(object, (told = read(group, kind, object as unknown as KubeObject)));
    return told;
  }
}

function read(group: string, kind: string, object: KubeObject): Told {
  const columns = byKind.get(`${group}/${kind}`);
  if (!columns) return { health: byConditions(object), badge: '' };
  const status = columns.status?.type === 'status' ? columns.status.get(object) : undefined;
  const ratio = columns.ratio?.type === 'ratio' ? columns.ratio.get(object) : undefined;
  return {
    health: status ? { tone: status.tone, text: status.text } : undefined,
    badge: ratio && Number(ratio[1]) > 0 ? `${ratio[0]}/${ratio[1]}` : '',
  };
}

/** Custom kinds: the `Ready` condition, as most of them have it. */
function byConditions(object: KubeObject): Health | undefined {
  const { status } = object as { status?: { conditions?: unknown } };
  const list: readonly unknown[] = Array.isArray(status?.conditions) ? status.conditions : [];
  for (const one of list) {
    const { type, status: is, reason } = (one ?? {}) as Record<string, unknown>;
    if (type !== 'Ready') continue;
    if (is === 'True') return { tone: 'ok', text: 'Ready' };
    const why = typeof reason === 'string' && reason !== '' ? `, ${reason}` : '';
    return is === 'False'
      ? { tone: 'bad', text: `Not ready${why}` }
      : { tone: 'idle', text: 'Ready unknown' };
  }
  return undefined;
}
