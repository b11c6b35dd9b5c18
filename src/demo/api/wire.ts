/** Stored objects as one version of the API shows them, and which form the client asked for. */
import { at, isoMicro, type Fields, type KObject } from '../model';
import { apiVersionOf, type Kind } from '../store/kinds';
import { ApiError } from './status';

/** The object with the apiVersion and kind of the endpoint it is read through. */
export function toWire(kind: Kind, object: KObject): KObject {
  if (kind.group === 'events.k8s.io') return toEventsV1(object);
  const apiVersion = apiVersionOf(kind);
  return object.apiVersion === apiVersion ? object : { ...object, apiVersion, kind: kind.kind };
}

/** The stored form of what a client sent. */
export function fromWire(kind: Kind, object: KObject): KObject {
  return kind.group === 'events.k8s.io' ? fromEventsV1(object) : object;
}

function toEventsV1(event: KObject): KObject {
  const { involvedObject, message, source, firstTimestamp, lastTimestamp, count, ...rest } = event;
  return {
    ...rest,
    apiVersion: 'events.k8s.io/v1',
    regarding: involvedObject,
    note: message,
    eventTime: event['eventTime'] ?? null,
    reportingController: event['reportingComponent'] ?? at(source, 'component') ?? '',
    deprecatedSource: source,
    deprecatedFirstTimestamp: firstTimestamp,
    deprecatedLastTimestamp: lastTimestamp,
    deprecatedCount: count,
  };
}

function fromEventsV1(event: KObject): KObject {
  const { regarding, note, reportingController, ...rest } = event;
  const when = isoMicro(Date.parse(event.metadata.creationTimestamp) || Date.now());
  return {
    ...rest,
    apiVersion: 'v1',
    involvedObject: regarding ?? {},
    message: note ?? '',
    reportingComponent: reportingController ?? '',
    source: event['deprecatedSource'] ?? { component: reportingController },
    firstTimestamp: event['deprecatedFirstTimestamp'] ?? null,
    lastTimestamp: event['deprecatedLastTimestamp'] ?? null,
    eventTime: event['eventTime'] ?? when,
  };
}

export type Form = 'object' | 'Table' | 'PartialObjectMetadata';

/** The first form in Accept that the demo can write; protobuf and other types are 406. */
export function negotiate(accept: string | undefined): Form {
  if (accept === undefined || accept.trim() === '') return 'object';
  for (const option of accept.split(',')) {
    const [type, ...parameters] = option.split(';').map((part) => part.trim());
    if (type !== 'application/json' && type !== '*/*' && type !== 'application/*') continue;
    const as = parameters.find((parameter) => parameter.startsWith('as='))?.slice(3);
    if (as === undefined) return 'object';
    if (as === 'Table') return 'Table';
    if (as.startsWith('PartialObjectMetadata')) return 'PartialObjectMetadata';
  }
  throw new ApiError(
    406,
    'NotAcceptable',
    'only the following media types are accepted: application/json, application/yaml',
  );
}

export function partial(object: KObject): Fields {
  return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object.metadata };
}
