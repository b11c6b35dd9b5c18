/**
 * What the drawer says of an object, as data. Facts are the columns of its kind (also the
 * ones not shown in the table) and a few fields that no table has room for. Pure; the
 * object is hostile input: anything may be missing or of another type.
 */
import type { Cell, ColumnMeta, KindId, KubeObject, Tone } from '#shared/kinds/define';
import { kindById } from '#shared/kinds/registry';
import { entries, items, keys, str } from '#shared/k8s/read';
import type { Condition } from '#shared/k8s/types';
import { formatDuration, parseTime } from '#shared/util/age';
import { formatBytes, formatCpu } from '#shared/util/quantity';

export interface FactLink {
  readonly kind: KindId;
  readonly namespace: string;
  readonly name: string;
}

export interface Fact {
  readonly label: string;
  readonly text?: string;
  /** Epoch ms, shown as an age. */
  readonly at?: number;
  readonly link?: FactLink;
  readonly mono?: boolean;
  readonly warn?: boolean;
}

export interface StatusWords {
  readonly tone: Tone;
  readonly text: string;
  readonly at: number | null;
}

export type PlainObject = Readonly<Record<string, unknown>>;

/** A field by path; undefined where anything on the way is missing. */
export function field(object: unknown, ...path: readonly string[]): unknown {
  let at = object;
  for (const key of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return undefined;
    at = (at as PlainObject)[key];
  }
  return at;
}

const leftOut = new Set(['name', 'namespace', 'labels', 'age', 'owner', 'containers', 'images', 'selector']);

/** The state in the words of the table; undefined where the kind has none. */
export function statusWords(kind: KindId, object: PlainObject): StatusWords | undefined {
  const column = kindById.get(kind)?.columns.find((one) => one.type === 'status');
  if (column) {
    const status = guarded(() => column.get(object as unknown as KubeObject));
    if (typeof status === 'object' && status !== null && 'tone' in status) {
      return { tone: status.tone, text: status.text, at: status.at ?? null };
    }
    return undefined;
  }
  const conditions = conditionsOf(object);
  const ready = conditions.find((one) => one.type === 'Ready' || one.type === 'Available');
  if (!ready) return undefined;
  if (ready.status === 'True') return { tone: 'ok', text: str(ready.type), at: null };
  const why = [str(ready.reason), str(ready.message)].filter(Boolean).join(': ');
  return {
    tone: 'warn',
    text: `Not ${str(ready.type).toLowerCase()}${why === '' ? '' : `, ${why}`}`,
    at: null,
  };
}

/** What the object itself says about trouble: messages of conditions that do not hold. */
export function causes(object: PlainObject): readonly string[] {
  return conditionsOf(object)
    .filter((one) => isTrouble(one, object) && str(one.message) !== '')
    .map((one) => str(one.message))
    .filter((message, at, all) => all.indexOf(message) === at)
    .slice(0, 3);
}

const badWhenTrue =
  /Pressure|Failure|Failed|Unavailable|Degraded|Stalled|NonStructural|Terminating|Conflict|DisruptionTarget|Remaining|Error|Lost$/;
/** Neither state of these is trouble. */
const neutral =
  /^(Suspended|Complete|SuccessCriteriaMet|Initialized|Progressing|Issuing|Reconciling|ScalingLimited|Approved|Denied|DisruptionAllowed|.*Resiz.*|Listing|Dangling)$/;

/** A condition in a state nobody wants. What a finished pod no longer is, is no trouble. */
export function isTrouble(one: Condition, object?: PlainObject): boolean {
  const type = str(one.type);
  const reason = str(one.reason);
  if (badWhenTrue.test(type)) return one.status === 'True';
  if (one.status !== 'False') return false;
  if (type === 'Progressing') return /Exceeded|Fail|Error/.test(reason);
  // An autoscaler of a workload scaled to zero by hand rests.
  if (neutral.test(type) || reason === 'PodCompleted' || reason === 'ScalingDisabled') return false;
  return !(object && isFinishedPod(object));
}

/** Succeeded or failed: its containers ended, so none of them can be ready. */
function isFinishedPod(object: PlainObject): boolean {
  const phase = field(object, 'status', 'phase');
  return field(object, 'spec', 'containers') !== undefined && (phase === 'Succeeded' || phase === 'Failed');
}

export function conditionsOf(object: PlainObject): readonly Condition[] {
  const list = field(object, 'status', 'conditions');
  return items(Array.isArray(list) ? (list as readonly Condition[]) : undefined);
}

/** Key facts in reading order; at most 24. */
export function keyFacts(kind: KindId, object: PlainObject): readonly Fact[] {
  const namespace = str(field(object, 'metadata', 'namespace'));
  const columns = kindById.get(kind)?.columns;
  const tone = statusWords(kind, object)?.tone;
  const quiet = tone === 'done' || tone === 'idle';
  const facts = columns
    ? columns.flatMap((column) => {
        if (leftOut.has(column.id) || column.type === 'status') return [];
        const value = guarded(() => column.get(object as unknown as KubeObject));
        const fact = factOf(column, value as Cell, namespace);
        return fact ? [quiet ? { ...fact, warn: false } : fact] : [];
      })
    : specFacts(object);
  const seen = new Set(facts.map((fact) => fact.label));
  return [...facts, ...extraFacts(object).filter((fact) => !seen.has(fact.label)), created(object)].slice(
    0,
    24,
  );
}

function created(object: PlainObject): Fact {
  const at = parseTime(field(object, 'metadata', 'creationTimestamp'));
  return at === null ? { label: 'Created', text: '–' } : { label: 'Created', at };
}

/** Fields no table has room for, of whatever kind has them. */
function extraFacts(object: PlainObject): readonly Fact[] {
  const facts: Fact[] = [];
  const add = (label: string, value: unknown, more: Partial<Fact> = {}): void => {
    if (typeof value === 'string' && value !== '') facts.push({ label, text: value, ...more });
    else if (typeof value === 'number' || typeof value === 'boolean')
      facts.push({ label, text: String(value), ...more });
  };
  add('Priority', field(object, 'spec', 'priority'));
  add('Restart policy', field(object, 'spec', 'restartPolicy'));
  add(
    'Strategy',
    field(object, 'spec', 'strategy', 'type') ?? field(object, 'spec', 'updateStrategy', 'type'),
  );
  const selector = field(object, 'spec', 'selector', 'matchLabels') ?? field(object, 'spec', 'selector');
  const pairs = entries(typeof selector === 'object' ? selector : undefined);
  if (pairs.length > 0)
    facts.push({
      label: 'Selector',
      text: pairs.map(([key, value]) => `${key}=${value}`).join(', '),
      mono: true,
    });
  const started = parseTime(field(object, 'status', 'startTime'));
  if (started !== null) facts.push({ label: 'Started', at: started });
  add('Provider', field(object, 'spec', 'providerID'), { mono: true });
  const finalizers = field(object, 'metadata', 'finalizers');
  if (Array.isArray(finalizers) && finalizers.length > 0)
    add('Finalizers', finalizers.filter((one) => typeof one === 'string').join(', '), { mono: true });
  return facts;
}

/** Plain values of a custom resource's spec. */
function specFacts(object: PlainObject): Fact[] {
  const spec = field(object, 'spec');
  return keys(typeof spec === 'object' ? spec : undefined)
    .slice(0, 64)
    .flatMap((key): Fact[] => {
      const value = field(spec, key);
      if (typeof value === 'string' && value !== '') return [{ label: key, text: value }];
      return typeof value === 'number' || typeof value === 'boolean'
        ? [{ label: key, text: String(value) }]
        : [];
    })
    .slice(0, 16);
}

function factOf(column: ColumnMeta, value: unknown, namespace: string): Fact | undefined {
  const label = column.title;
  if (value === null || value === undefined || value === '') return undefined;
  switch (column.type) {
    case 'time':
      return typeof value === 'number' ? { label, at: value } : undefined;
    case 'ratio': {
      if (!Array.isArray(value)) return undefined;
      return { label, text: `${value[0]} of ${value[1]}`, warn: Number(value[0]) < Number(value[1]) };
    }
    case 'restarts': {
      if (!Array.isArray(value)) return undefined;
      return { label, text: String(value[0]) };
    }
    // What is in use is on the Metrics tab; the object tells only the bound.
    case 'cpu-use':
    case 'bytes-use':
      return undefined;
    case 'bytes':
      return { label, text: formatBytes(value as number) };
    case 'cpu':
      return { label, text: formatCpu(value as number) };
    case 'percent':
      return { label, text: `${Math.round(Number(value) * 100)}%` };
    case 'duration':
      return { label, text: formatDuration(value as number) };
    case 'mono':
    case 'text': {
      if (typeof value !== 'string') return undefined;
      const link =
        column.ref === undefined
          ? undefined
          : { kind: column.ref, namespace: column.refNamespaced === true ? namespace : '', name: value };
      return { label, text: value, link, mono: column.type === 'mono' };
    }
    default:
      return typeof value === 'string' || typeof value === 'number'
        ? { label, text: String(value) }
        : undefined;
  }
}

/** Columns are written for objects; one that throws on garbage shows nothing. */
function guarded<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}

export interface MapEntry {
  readonly key: string;
  /** null: the value was kept back (Secrets). */
  readonly value: string | null;
  readonly bytes: number;
}

/** Keys of a ConfigMap or Secret with the sizes of their values. Values of Secrets never arrive here. */
export function dataEntries(object: PlainObject): readonly MapEntry[] {
  return ['data', 'binaryData', 'stringData'].flatMap((part) => {
    const map = field(object, part);
    return keys(typeof map === 'object' ? map : undefined).map((key) => {
      const value = field(map, key);
      return {
        key,
        value: typeof value === 'string' && part === 'data' ? value : null,
        bytes: str(value).length,
      };
    });
  });
}
