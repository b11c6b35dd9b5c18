/**
 * The forms of an object around an edit: the whole as the server has it, and the part a
 * person edits. Values of Secrets are hidden unless they were asked for, and come back by
 * key, so that an edit of a label never touches, shows or loses them.
 */
import { fail } from '#shared/util/app-error';

export type Whole = Readonly<Record<string, unknown>>;

export const HIDDEN = '<hidden>';
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';
/** Set by the server alone; an edit of them means nothing. */
const SERVER_META = [
  'managedFields',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'selfLink',
];

export function isRecord(value: unknown): value is Whole {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function metaOf(object: Whole): Whole {
  const { metadata } = object;
  return isRecord(metadata) ? metadata : {};
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function without(map: Whole, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(map).filter(([name]) => !names.includes(name)));
}

/** What a person edits: no status, nothing only the server sets. */
export function editable(object: Whole): Whole {
  const { status: _status, ...rest } = object;
  return { ...rest, metadata: without(metaOf(object), SERVER_META) };
}

/** For the way to the screen and back: all but managedFields. */
export function baseOf(object: Whole, reveal: boolean): string {
  const shown = { ...object, metadata: without(metaOf(object), ['managedFields']) };
  return JSON.stringify(reveal ? shown : hideValues(shown));
}

/** A base that came back; AppFailure `invalid-input` when it is none. */
export function readBase(json: string): Whole {
  try {
    const value: unknown = JSON.parse(json);
    if (isRecord(value)) return value;
  } catch {
    // Told below.
  }
  throw fail('invalid-input', 'What this edit started from cannot be read. Open the object anew.');
}

export function isSecret(object: Whole): boolean {
  return object['kind'] === 'Secret' && (object['apiVersion'] === undefined || object['apiVersion'] === 'v1');
}

/** Values of a Secret as `<hidden>`; every other object as it is. */
export function hideValues(object: Whole): Whole {
  if (!isSecret(object)) return object;
  const meta = metaOf(object);
  const { annotations } = meta;
  const kept = isRecord(annotations) && LAST_APPLIED in annotations ? { [LAST_APPLIED]: HIDDEN } : {};
  return {
    ...object,
    ...(isRecord(object['data']) ? { data: covered(object['data']) } : {}),
    ...(isRecord(object['stringData']) ? { stringData: covered(object['stringData']) } : {}),
    metadata: { ...meta, ...(isRecord(annotations) ? { annotations: { ...annotations, ...kept } } : {}) },
  };
}

function covered(map: Whole): Whole {
  return Object.fromEntries(Object.keys(map).map((name) => [name, HIDDEN]));
}

/** After a write: unchanged values hidden, changed ones said to be so. */
export function hideChanged(before: Whole, after: Whole): Whole {
  const hidden = hideValues(after);
  const [was, is] = [before['data'], after['data']];
  if (hidden === after || !isRecord(is)) return hidden;
  const data = Object.fromEntries(
    Object.entries(is).map(([name, value]) => [
      name,
      isRecord(was) && was[name] === value ? HIDDEN : `${HIDDEN} changed`,
    ]),
  );
  return { ...hidden, data };
}

/** Puts the stored values back where `<hidden>` stands. */
export function fillHidden(object: Whole, stored: Whole | undefined): Whole {
  if (!isSecret(object)) return object;
  const from = stored && isRecord(stored['data']) ? stored['data'] : {};
  const fill = (part: unknown): unknown =>
    isRecord(part)
      ? Object.fromEntries(
          Object.entries(part).map(([name, value]) => {
            if (value !== HIDDEN) return [name, value];
            if (!Object.prototype.hasOwnProperty.call(from, name)) {
              throw fail('invalid', `data.${name} is ${HIDDEN}, but there is no stored value of that key.`, {
                hint: 'Write the value in base64, or take the key out.',
              });
            }
            return [name, from[name]];
          }),
        )
      : part;
  const meta = metaOf(object);
  const { annotations } = meta;
  const storedNotes = stored ? metaOf(stored)['annotations'] : undefined;
  const notes =
    isRecord(annotations) && annotations[LAST_APPLIED] === HIDDEN
      ? {
          annotations: {
            ...without(annotations, [LAST_APPLIED]),
            ...(isRecord(storedNotes) && storedNotes[LAST_APPLIED] !== undefined
              ? { [LAST_APPLIED]: storedNotes[LAST_APPLIED] }
              : {}),
          },
        }
      : {};
  return {
    ...object,
    ...(object['data'] === undefined ? {} : { data: fill(object['data']) }),
    metadata: { ...meta, ...notes },
  };
}
