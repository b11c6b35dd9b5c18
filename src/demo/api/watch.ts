/**
 * watch: the changes after a version, then live ones, with selectors, bookmarks, Table
 * form and WatchList. Guarantees: events in order of their versions, none twice, none
 * lost; a client that stops reading is cut off at 16 MiB instead of filling memory.
 */
import type { Fields, KObject } from '../model';
import type { Matcher } from '../store/selectors';
import type { Change } from '../store/store';
import type { ResourceCall } from './context';
import type { Fault } from './faults';
import { askedVersion, includeObject, selection } from './read';
import { ApiError, badRequest, expired } from './status';
import { tableHead, tableRow } from './table';
import { negotiate, partial, toWire } from './wire';

const maxPending = 16 * 1024 * 1024;

export async function watch(call: ResourceCall, fault: Fault | undefined): Promise<void> {
  const { query, context, kind, route, output, scope } = call;
  const { store } = context;
  const form = negotiate(call.request.headers.accept);
  const include = includeObject(call);
  const inScope: Matcher = (object) =>
    route.namespace === undefined || object.metadata.namespace === route.namespace;
  const selected = selection(call);
  const wanted: Matcher = (object) => inScope(object) && selected(object);
  const bookmarks = query.get('allowWatchBookmarks') === 'true' || query.get('allowWatchBookmarks') === '1';
  const initial = query.get('sendInitialEvents');
  if (initial === 'true' && (query.get('resourceVersionMatch') !== 'NotOlderThan' || !bookmarks))
    throw badRequest(
      'sendInitialEvents requires resourceVersionMatch=NotOlderThan and allowWatchBookmarks=true',
    );
  const since = askedVersion(call);
  const timeoutMs = 1000 * (Number(query.get('timeoutSeconds') ?? 0) || 1800 + Math.random() * 1800);

  let columnsSent = false;
  const line = (type: string, object: KObject): string => {
    const shown = toWire(kind, object);
    if (form === 'object') return `${JSON.stringify({ type, object: shown })}\n`;
    if (form === 'PartialObjectMetadata') return `${JSON.stringify({ type, object: partial(shown) })}\n`;
    const head = tableHead(kind, object.metadata.resourceVersion);
    const table: Fields = {
      ...head,
      // Only the first event carries the columns.
      columnDefinitions: columnsSent ? null : head['columnDefinitions'],
      rows: type === 'BOOKMARK' ? [] : [tableRow(kind, shown, include, context.now())],
    };
    columnsSent = true;
    return `${JSON.stringify({ type, object: table })}\n`;
  };
  const bookmark = (annotations?: Record<string, string>): string =>
    line('BOOKMARK', {
      kind: kind.kind,
      apiVersion: toWire(kind, { apiVersion: '', kind: '', metadata: {} as KObject['metadata'] }).apiVersion,
      metadata: {
        resourceVersion: String(store.resourceVersion),
        creationTimestamp: null,
        ...(annotations ? { annotations } : {}),
      } as unknown as KObject['metadata'],
    });

  const changes = since === undefined || initial === 'true' ? [] : store.since(kind.storage, since);
  if (changes === 'expired') throw expired(`too old resource version: ${since} (${store.resourceVersion})`);

  output.head(200, { 'content-type': 'application/json', 'transfer-encoding': 'chunked' });
  call.response.flushHeaders();

  // Writes happen one after another; a fault may make one of them slow or endless.
  let queue = Promise.resolve(true);
  let sent = 0;
  const errorAfter = fault?.type === 'stream-error' ? (fault.after ?? 0) : Infinity;
  const finish = (): void => scope.dispose();
  const send = (text: string, last = false): void => {
    if (sent++ >= errorAfter && fault?.type === 'stream-error') {
      text = `${JSON.stringify({ type: 'ERROR', object: streamError(fault.code ?? 410).status() })}\n`;
      if (sent > errorAfter + 1) return;
      last = true;
    }
    queue = queue.then(async (open) => open && (await output.write(text)));
    if (last) queue = queue.then(() => (output.end(), finish(), false));
    if (output.pending > maxPending) output.destroy();
  };
  const deliver = (change: Change): void => {
    const before = change.previous !== undefined && wanted(change.previous);
    const after = change.type !== 'DELETED' && wanted(change.object);
    if (after) send(line(before ? 'MODIFIED' : 'ADDED', change.object));
    else if (before) send(line('DELETED', gone(change)));
  };

  // Everything up to here and the subscription happen in one turn: no change can slip between.
  if (since === undefined || initial === 'true') {
    if (initial !== 'false')
      for (const object of store.list(kind.storage, route.namespace))
        if (selected(object)) send(line('ADDED', object));
  }
  for (const change of changes) deliver(change);
  if (initial === 'true') send(bookmark({ 'k8s.io/initial-events-end': 'true' }));
  if (errorAfter === 0 && sent === 0) send('');
  scope.add(store.subscribe(kind.storage, deliver));
  if (bookmarks) {
    const timer = setInterval(() => send(bookmark()), context.bookmarkMs);
    scope.add(() => clearInterval(timer));
  }
  scope.timeout(() => {
    if (bookmarks) send(bookmark());
    queue = queue.then(() => (output.end(), finish(), false));
  }, timeoutMs);
  await new Promise<void>((resolve) => scope.add(resolve));
}

/** A DELETED event carries the last state that was in view, with the version of the change. */
function gone(change: Change): KObject {
  if (change.type === 'DELETED' || !change.previous) return change.object;
  const { resourceVersion } = change.object.metadata;
  return { ...change.previous, metadata: { ...change.previous.metadata, resourceVersion } };
}

function streamError(code: 410 | 429 | 500): ApiError {
  if (code === 429)
    return new ApiError(429, 'TooManyRequests', 'too many requests', { retryAfterSeconds: 1 });
  if (code === 500)
    return new ApiError(500, 'InternalError', 'Internal error occurred: unable to decode an event');
  return expired('The resourceVersion for the provided watch is too old.');
}
