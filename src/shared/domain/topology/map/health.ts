/**
 * The state of what is drawn: an object's own, told by its kind; a Service's by the pods it selects;
 * that of who refers to something missing; and of many by their worst. Words say which and why.
 */
import type { RelationNode } from '../graph';
import type { Health, MapFacts, MapTone } from './types';

/** Worst first. */
export const TONES: readonly MapTone[] = ['bad', 'warn', 'progress', 'ok', 'idle', 'done', 'none'];
const SEVERITY: Readonly<Record<MapTone, number>> = {
  bad: 0,
  warn: 1,
  progress: 2,
  ok: 3,
  idle: 4,
  done: 5,
  none: 6,
};

export interface NodeHealth extends Health {
  readonly badge: string;
}

export function healthOf(node: RelationNode, facts: MapFacts): NodeHealth {
  const { state } = node;
  if (state === 'virtual') return CALM;
  if (state === 'missing') return { ...missing(node, facts), badge: '' };
  const health = (isService(node) ? service(node, facts) : undefined) ?? told(node, facts);
  if (health.tone === 'bad' || health.tone === 'warn') return health;
  const lacks = lack(node, facts);
  return lacks ? { ...health, ...lacks } : health;
}

export const CALM: NodeHealth = { tone: 'none', text: '', badge: '' };

function told(node: RelationNode, facts: MapFacts): NodeHealth {
  const own = facts.health(node);
  const badge = facts.badge(node);
  if (own) return { tone: own.tone, text: own.text, badge };
  return badge === '' ? CALM : { tone: 'none', text: '', badge };
}

function isService(node: RelationNode): boolean {
  return node.kind === 'Service' && node.group === '';
}

function missing(node: RelationNode, facts: MapFacts): Health {
  if (facts.known(node.group, node.kind, node.namespace) === 'denied')
    return { tone: 'idle', text: 'may not be read' };
  const hard = node.in.some((edge) => isHard(edge));
  return hard ? { tone: 'bad', text: 'missing' } : { tone: 'idle', text: 'not there, and optional' };
}

function isHard(edge: RelationNode['in'][number]): boolean {
  return !edge.optional && !edge.weak && edge.confidence === 'fact' && edge.invalid === undefined;
}

/** What it refers to and is not there. */
function lack(node: RelationNode, facts: MapFacts): Health | undefined {
  for (const edge of node.out) {
    const { to } = edge;
    if (
      to.object !== undefined ||
      to.state !== 'missing' ||
      !isHard(edge) ||
      edge.holder !== node ||
      edge.relation === 'owner'
    )
      continue;
    if (facts.known(to.group, to.kind, to.namespace) !== 'read') continue;
    return { tone: 'warn', text: `${to.kind} ${to.name} is missing` };
  }
  return undefined;
}

function service(node: RelationNode, facts: MapFacts): NodeHealth | undefined {
  const spec = node.object?.['spec'] as { selector?: unknown } | undefined;
  const { selector } = spec ?? {};
  if (typeof selector !== 'object' || selector === null || Object.keys(selector).length === 0)
    return undefined;
  let pods = 0;
  let ready = 0;
  for (const edge of node.out) {
    if (edge.relation !== 'selects') continue;
    const tone = facts.health(edge.to)?.tone;
    if (tone === 'done') continue;
    pods++;
    if (tone === 'ok') ready++;
  }
  const badge = `${ready}/${pods}`;
  if (pods === 0) return { tone: 'warn', text: 'selects no pods', badge: '' };
  if (ready === 0) return { tone: 'bad', text: 'no pod is ready', badge };
  if (ready < pods) return { tone: 'warn', text: `${ready} of ${pods} pods ready`, badge };
  return { tone: 'ok', text: 'ready', badge };
}

/** Whose state is told from that of this one. */
export function* toldFrom(node: RelationNode): Generator<RelationNode> {
  for (const edge of node.in) if (edge.relation === 'selects' && isService(edge.from)) yield edge.from;
}

/** The worse of two; the first where they are equal. */
export function worse(one: Health, other: Health): Health {
  return SEVERITY[other.tone] < SEVERITY[one.tone] ? other : one;
}

/** The state of many: the worst, with how many and the words most of those have. */
export function together(members: readonly Health[]): Health {
  let worst: MapTone = 'none';
  for (const { tone } of members) if (SEVERITY[tone] < SEVERITY[worst]) worst = tone;
  const words = new Map<string, number>();
  let count = 0;
  for (const { tone, text } of members) {
    if (tone !== worst) continue;
    count++;
    words.set(text, (words.get(text) ?? 0) + 1);
  }
  if (worst === 'none') return { tone: worst, text: '' };
  const [common = ''] = [...words].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))[0] ?? [];
  return {
    tone: worst,
    text: count === members.length ? common : `${count} of ${members.length}: ${common}`,
  };
}
