/** get, list and what both share with watch: selection, forms, versions. */
import { parseFieldSelector, parseLabelSelector, type Matcher } from '../store/selectors';
import type { Fields, KObject } from '../model';
import { apiVersionOf } from '../store/kinds';
import type { ResourceCall } from './context';
import { metricsList } from './metrics';
import { badRequest, expired, notFound, tooLarge } from './status';
import { tableHead, tableRow, type IncludeObject } from './table';
import { negotiate, partial, toWire, type Form } from './wire';

/** What the selectors of a request let through. */
export function selection(call: ResourceCall): Matcher {
  const { query, kind } = call;
  try {
    const labels = parseLabelSelector(query.get('labelSelector') ?? '');
    const fields = parseFieldSelector(query.get('fieldSelector') ?? '', kind.storage);
    return (object) => labels(object.metadata.labels ?? {}) && fields(object);
  } catch (error) {
    throw badRequest((error as Error).message);
  }
}

/** `""` and `0` are undefined; anything that is no number is refused. */
export function askedVersion(call: ResourceCall): number | undefined {
  const text = call.query.get('resourceVersion') ?? '';
  if (text === '' || text === '0') return undefined;
  if (!/^\d+$/.test(text)) throw badRequest(`Invalid value: "${text}": invalid resource version`);
  const asked = Number(text);
  const current = call.context.store.resourceVersion;
  if (asked > current) throw tooLarge(asked, current);
  return asked;
}

export function includeObject(call: ResourceCall): IncludeObject {
  const asked = call.query.get('includeObject');
  return asked === 'None' || asked === 'Object' ? asked : 'Metadata';
}

export function stored(call: ResourceCall): KObject {
  const { kind, route, context } = call;
  const object = context.store.get(kind.storage, route.namespace, route.name ?? '');
  if (!object) throw notFound(kind, route.name ?? '');
  return object;
}

/** One object in the form the client asked for. */
export async function answerObject(call: ResourceCall, status: number, object: KObject): Promise<void> {
  const form = negotiate(call.request.headers.accept);
  const shown = toWire(call.kind, object);
  if (form === 'PartialObjectMetadata') return call.output.json(status, partial(shown));
  if (form === 'object') return call.output.json(status, shown);
  return call.output.json(status, {
    ...tableHead(call.kind, object.metadata.resourceVersion),
    rows: [tableRow(call.kind, shown, includeObject(call), call.context.now())],
  });
}

export async function get(call: ResourceCall): Promise<void> {
  if (call.kind.group === 'metrics.k8s.io') {
    const item = metricsList(call).find((metrics) => metrics.metadata.name === call.route.name);
    if (!item) throw notFound(call.kind, call.route.name ?? '');
    return answerObject(call, 200, item);
  }
  return answerObject(call, 200, stored(call));
}

interface Page {
  readonly items: readonly KObject[];
  readonly version: number;
  readonly continueToken?: string;
  readonly remaining?: number;
}

function page(call: ResourceCall): Page {
  const { query, context, kind, route } = call;
  const { store, snapshots } = context;
  const limit = Number(query.get('limit') ?? 0);
  if (!Number.isInteger(limit) || limit < 0) throw badRequest('limit must be a non-negative integer');
  const token = query.get('continue');
  if (token) {
    if (query.get('resourceVersion'))
      throw badRequest('specifying resource version is not allowed when using continue');
    const { items, version, id, from } = snapshots.resume(token);
    const end = limit === 0 ? items.length : from + limit;
    return {
      items: items.slice(from, end),
      version,
      ...(end < items.length
        ? { continueToken: snapshots.token(id, end), remaining: items.length - end }
        : {}),
    };
  }
  const match = query.get('resourceVersionMatch');
  if (match && !query.get('resourceVersion'))
    throw badRequest('resourceVersionMatch is forbidden unless resourceVersion is provided');
  const asked = askedVersion(call);
  if (match === 'Exact' && asked !== undefined && asked !== store.resourceVersion) {
    // Only what the history can prove: nothing of this kind has changed since.
    const changes = store.since(kind.storage, asked);
    if (changes === 'expired' || changes.length > 0)
      throw expired(`The resourceVersion for the provided list is too old: ${asked}`);
  }
  if (kind.group === 'metrics.k8s.io') return { items: metricsList(call), version: store.resourceVersion };
  const matches = selection(call);
  const filtered = query.get('labelSelector') || query.get('fieldSelector');
  const all = store.list(kind.storage, route.namespace);
  const items = filtered ? all.filter(matches) : all;
  const version = store.resourceVersion;
  if (limit === 0 || items.length <= limit) return { items, version };
  const continueToken = snapshots.token(snapshots.keep(items, version), limit);
  // The real server cannot count what a selector leaves out, and says nothing then.
  return {
    items: items.slice(0, limit),
    version,
    continueToken,
    ...(filtered ? {} : { remaining: items.length - limit }),
  };
}

/** Writes items in batches, so that a long list neither blocks the process nor sits in memory twice. */
export async function list(call: ResourceCall): Promise<void> {
  const { kind, output, context } = call;
  const form = negotiate(call.request.headers.accept);
  const { items, version, continueToken, remaining } = page(call);
  const metadata: Fields = {
    resourceVersion: String(version),
    ...(continueToken === undefined ? {} : { continue: continueToken }),
    ...(remaining === undefined ? {} : { remainingItemCount: remaining }),
  };
  const include = includeObject(call);
  const now = context.now();
  const [head, field] = listHead(call, form, metadata);
  output.head(200, { 'content-type': 'application/json' });
  const open = JSON.stringify(head);
  let batch = `${open.slice(0, -1)},"${field}":[`;
  const size = output.bent ? 1 : 65_536;
  for (const [index, object] of items.entries()) {
    const shown = toWire(kind, object);
    const item =
      form === 'Table' ? tableRow(kind, shown, include, now) : form === 'object' ? shown : partial(shown);
    batch += (index === 0 ? '' : ',') + JSON.stringify(item);
    if (batch.length < size) continue;
    if (!(await output.write(batch))) return;
    batch = '';
  }
  if (await output.write(`${batch}]}\n`)) output.end();
}

function listHead(call: ResourceCall, form: Form, metadata: Fields): [Fields, string] {
  const { kind } = call;
  if (form === 'Table') {
    const { rows, ...head } = { rows: undefined, ...tableHead(kind, '') };
    void rows;
    return [{ ...head, metadata }, 'rows'];
  }
  if (form === 'object')
    return [{ kind: `${kind.kind}List`, apiVersion: apiVersionOf(kind), metadata }, 'items'];
  return [{ kind: 'PartialObjectMetadataList', apiVersion: 'meta.k8s.io/v1', metadata }, 'items'];
}
