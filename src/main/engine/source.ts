/**
 * Where the rows of a kind come from: path, mask, and how its bytes are asked for and
 * read. The decoder follows the content type of the answer, so that a server may answer
 * JSON to whatever was asked.
 */
import { fail } from '#shared/util/app-error';
import type { FieldMask, KindDescriptor, KubeObject } from '#shared/kinds/define';
import type { ApiResponse } from '../k8s/api';
import { jsonListDecoder } from './decode/json';
import { jsonWatchDecoder } from './decode/json-watch';
import { objectMask } from './decode/mask';
import { protoKinds } from './decode/proto-kinds';
import { covers, type Message } from './decode/proto-schema';
import { protoWatchDecoder } from './decode/proto-watch';
import { protoListDecoder } from './decode/protobuf';
import type { RawRow } from './decode/raw-row';
import { rowLayout, type RowLayout } from './decode/row-layout';
import type { ListDecoder, ListMeta, WatchDecoder, WatchEvent } from './decode/types';

export interface Source {
  /** `/api/v1/pods` or `/apis/apps/v1/namespaces/shop/deployments`. */
  readonly path: string;
  readonly mask: FieldMask;
  /** Rows are the server's Table. */
  readonly table: boolean;
  /** Asked for as protobuf, where this is known of the kind and covers the mask. */
  readonly proto?: Message;
  /** How rows are made from bytes, for kinds that allow it. */
  readonly layout?: RowLayout | undefined;
}

const PROTOBUF = 'application/vnd.kubernetes.protobuf';
const PROTOBUF_ACCEPT = `${PROTOBUF},application/json;q=0.9`;
const TABLE_ACCEPT = 'application/json;as=Table;v=v1;g=meta.k8s.io';

/** What a list path needs: group, version, resource. */
export interface Served {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
}

export function sourceOf(served: Served, descriptor: KindDescriptor, namespace?: string): Source {
  const group =
    served.group === ''
      ? `/api/${encodeURIComponent(served.version)}`
      : `/apis/${encodeURIComponent(served.group)}/${encodeURIComponent(served.version)}`;
  const inside = namespace === undefined ? '' : `/namespaces/${encodeURIComponent(namespace)}`;
  const mask = objectMask(descriptor);
  const table = descriptor.source === 'table';
  const schema = protoKinds.get(`${served.group}/${served.version}/${served.resource}`);
  return {
    path: `${group}${inside}/${encodeURIComponent(served.resource)}`,
    mask,
    table,
    ...(!table && schema && covers(schema, mask) ? { proto: schema, layout: rowLayout(descriptor) } : {}),
  };
}

/** `accept` and the query parameters that go with it. */
export function asked(source: Source): { accept: string; query: Record<string, string> } {
  if (source.table) return { accept: TABLE_ACCEPT, query: { includeObject: 'Metadata' } };
  return { accept: source.proto ? PROTOBUF_ACCEPT : 'application/json', query: {} };
}

/** The same rows without protobuf: its error answers say why in protobuf too, which we do not read. */
export function asJson(source: Source): Source {
  const { path, mask, table } = source;
  return { path, mask, table };
}

function isProtobuf(response: Pick<ApiResponse, 'headers'>): boolean {
  return (response.headers['content-type'] ?? '').startsWith(PROTOBUF);
}

function checkJson(response: Pick<ApiResponse, 'headers'>): void {
  const type = response.headers['content-type'] ?? '';
  if (type === '' || /^application\/(?:[\w.+-]*\+)?json\b/.test(type)) return;
  const shown = type.split(';')[0]!.slice(0, 60);
  throw fail(
    'bad-answer',
    `The server answered ${shown}, not JSON: not a Kubernetes API, or a proxy's login page.`,
  );
}

export function listDecoder(
  source: Source,
  response: Pick<ApiResponse, 'headers'>,
  handlers: {
    onItem(object: KubeObject): void;
    /** In place of `onItem` where rows come as bytes. */
    onRow?: ((row: RawRow) => void) | undefined;
    onMeta(meta: ListMeta): void;
  },
): ListDecoder {
  if (source.proto && isProtobuf(response)) {
    const { onRow, ...others } = handlers;
    return protoListDecoder({
      schema: source.proto,
      mask: source.mask,
      layout: source.layout,
      ...others,
      ...(onRow ? { onRow } : {}),
    });
  }
  checkJson(response);
  return jsonListDecoder({ mask: source.mask, table: source.table, ...handlers });
}

export function watchDecoder(
  source: Source,
  response: ApiResponse,
  onEvent: (event: WatchEvent) => void,
  onRow?: (row: RawRow) => void,
): WatchDecoder {
  if (source.proto && isProtobuf(response)) {
    const { proto: schema, mask, layout } = source;
    return protoWatchDecoder({ schema, mask, layout, onEvent, ...(onRow ? { onRow } : {}) });
  }
  checkJson(response);
  return jsonWatchDecoder({ mask: source.mask, table: source.table, onEvent });
}
