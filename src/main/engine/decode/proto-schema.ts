/**
 * Field numbers of the built-in kinds we read as protobuf, as in the generated.proto files
 * of Kubernetes 1.34 (numbers never change once released; fields we do not know are
 * skipped). `?` after a type: the JSON form leaves the field out when it is empty
 * (`omitempty`); without it zero and false are real values.
 */

export type Scalar = 'string' | 'int' | 'bool';

export interface Field {
  readonly name: string;
  /**
   * A scalar, `time` (RFC 3339 in JSON; `micro`: with microseconds), `quantity`, `int-or-string`, a
   * map of strings or quantities, or a message.
   */
  readonly type:
    Scalar | 'time' | 'micro' | 'quantity' | 'int-or-string' | 'strings' | 'quantities' | Message;
  readonly repeated: boolean;
  readonly omitEmpty: boolean;
}

export type Message = Readonly<Record<number, Field>>;

type Spec = readonly [
  name: string,
  type: Field['type'] | 'string?' | 'int?' | 'bool?',
  repeated?: 'repeated',
];

export function message(fields: Readonly<Record<number, Spec>>): Message {
  const out: Record<number, Field> = {};
  for (const [number, [name, type, repeated]] of Object.entries(fields)) {
    const omitEmpty = typeof type === 'string' && type.endsWith('?');
    out[Number(number)] = {
      name,
      type: (omitEmpty ? type.slice(0, -1) : type) as Field['type'],
      repeated: repeated !== undefined,
      omitEmpty,
    };
  }
  return out;
}

/** Messages of which every field stands here: masks may take them whole. */
const complete = new WeakSet<Message>();

export function wholeMessage(fields: Readonly<Record<number, Spec>>): Message {
  const made = message(fields);
  complete.add(made);
  return made;
}

const ownerReference = message({
  1: ['kind', 'string'],
  3: ['name', 'string'],
  4: ['uid', 'string'],
  5: ['apiVersion', 'string'],
  6: ['controller', 'bool'],
  7: ['blockOwnerDeletion', 'bool'],
});

export const objectMeta = message({
  1: ['name', 'string?'],
  2: ['generateName', 'string?'],
  3: ['namespace', 'string?'],
  5: ['uid', 'string?'],
  6: ['resourceVersion', 'string?'],
  7: ['generation', 'int?'],
  8: ['creationTimestamp', 'time'],
  9: ['deletionTimestamp', 'time'],
  10: ['deletionGracePeriodSeconds', 'int'],
  11: ['labels', 'strings'],
  12: ['annotations', 'strings'],
  13: ['ownerReferences', ownerReference, 'repeated'],
  14: ['finalizers', 'string', 'repeated'],
});

export const listMeta = message({
  2: ['resourceVersion', 'string?'],
  3: ['continue', 'string?'],
  4: ['remainingItemCount', 'int'],
});

const statusCause = message({ 1: ['reason', 'string?'], 2: ['message', 'string?'], 3: ['field', 'string?'] });
const statusDetails = message({
  1: ['name', 'string?'],
  2: ['group', 'string?'],
  3: ['kind', 'string?'],
  4: ['causes', statusCause, 'repeated'],
  5: ['retryAfterSeconds', 'int?'],
});
export const status = message({
  2: ['status', 'string?'],
  3: ['message', 'string?'],
  4: ['reason', 'string?'],
  5: ['details', statusDetails],
  6: ['code', 'int?'],
});

export const resources = message({ 1: ['limits', 'quantities'], 2: ['requests', 'quantities'] });
const probe = message({
  2: ['initialDelaySeconds', 'int?'],
  3: ['timeoutSeconds', 'int?'],
  4: ['periodSeconds', 'int?'],
  5: ['successThreshold', 'int?'],
  6: ['failureThreshold', 'int?'],
});
export const container = message({
  1: ['name', 'string'],
  2: ['image', 'string?'],
  8: ['resources', resources],
  10: ['livenessProbe', probe],
  11: ['readinessProbe', probe],
  22: ['startupProbe', probe],
  24: ['restartPolicy', 'string'],
});
const waiting = message({ 1: ['reason', 'string?'], 2: ['message', 'string?'] });
const running = message({ 1: ['startedAt', 'time'] });
const terminated = message({
  1: ['exitCode', 'int'],
  2: ['signal', 'int?'],
  3: ['reason', 'string?'],
  4: ['message', 'string?'],
  5: ['startedAt', 'time'],
  6: ['finishedAt', 'time'],
  7: ['containerID', 'string?'],
});
const containerState = message({
  1: ['waiting', waiting],
  2: ['running', running],
  3: ['terminated', terminated],
});
const containerStatus = message({
  1: ['name', 'string'],
  2: ['state', containerState],
  3: ['lastState', containerState],
  4: ['ready', 'bool'],
  5: ['restartCount', 'int'],
  6: ['image', 'string'],
  7: ['imageID', 'string'],
  8: ['containerID', 'string?'],
  9: ['started', 'bool'],
});
const podCondition = message({
  1: ['type', 'string'],
  2: ['status', 'string'],
  3: ['lastProbeTime', 'time'],
  4: ['lastTransitionTime', 'time'],
  5: ['reason', 'string?'],
  6: ['message', 'string?'],
});
export const podSpec = message({
  2: ['containers', container, 'repeated'],
  3: ['restartPolicy', 'string?'],
  4: ['terminationGracePeriodSeconds', 'int'],
  7: ['nodeSelector', 'strings'],
  8: ['serviceAccountName', 'string?'],
  10: ['nodeName', 'string?'],
  11: ['hostNetwork', 'bool?'],
  20: ['initContainers', container, 'repeated'],
  24: ['priorityClassName', 'string?'],
  25: ['priority', 'int'],
  28: ['readinessGates', message({ 1: ['conditionType', 'string'] }), 'repeated'],
  38: ['schedulingGates', message({ 1: ['name', 'string'] }), 'repeated'],
});
export const podStatus = message({
  1: ['phase', 'string?'],
  2: ['conditions', podCondition, 'repeated'],
  3: ['message', 'string?'],
  4: ['reason', 'string?'],
  5: ['hostIP', 'string?'],
  6: ['podIP', 'string?'],
  7: ['startTime', 'time'],
  8: ['containerStatuses', containerStatus, 'repeated'],
  9: ['qosClass', 'string?'],
  10: ['initContainerStatuses', containerStatus, 'repeated'],
  11: ['nominatedNodeName', 'string?'],
  13: ['ephemeralContainerStatuses', containerStatus, 'repeated'],
});

/** False when a mask asks for something the schema does not name: JSON then. */
export function covers(schema: Message, mask: object): boolean {
  for (const [name, sub] of Object.entries(mask) as [string, unknown][]) {
    const field = Object.values(schema).find((one) => one.name === name);
    if (!field) return false;
    // A whole message would have holes where the schema has none of its fields.
    if (typeof field.type === 'object' && sub === true && complete.has(field.type)) continue;
    if (typeof field.type === 'object' && (typeof sub !== 'object' || sub === null)) return false;
    if (typeof field.type === 'object' && !covers(field.type, sub as object)) return false;
  }
  return true;
}
