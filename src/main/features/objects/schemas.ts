/**
 * Schemas of the server, per kind: the index of OpenAPI v3 at most once a minute, a group's
 * document once per hash, reduced once. A server without OpenAPI v3 has no schemas here, and
 * nothing else fails for it.
 */
import type { KindSchema, SchemaNode } from '#shared/contract/objects';
import type { ListRules } from '#shared/domain/merge/list-rules';
import { isCancelled } from '#shared/util/app-error';
import type { Api } from '../../k8s/api';
import { collect } from '../../k8s/body';
import { isRecord, textOf } from './form';
import { reduceSchema } from './schema-reduce';

const INDEX_MS = 60_000;
const MOST_BYTES = 32 * 1024 * 1024;
const MOST_KINDS = 200;
const MOST_DOCUMENTS = 3;

export class Schemas {
  private readonly api: Api;
  private readonly signal: AbortSignal;
  private index: { readonly at: number; readonly urls: Promise<ReadonlyMap<string, string>> } | undefined;
  private readonly documents = new Map<string, Promise<unknown>>();
  private readonly kinds = new Map<string, KindSchema | undefined>();

  /** `signal`: of the session; a document is read for everybody, not for the one who asked first. */
  constructor(api: Api, signal: AbortSignal) {
    this.api = api;
    this.signal = signal;
  }

  /** Undefined: the server has none, or cannot be asked now. Rejects only when cancelled. */
  async of(apiVersion: string, kind: string, signal: AbortSignal): Promise<KindSchema | undefined> {
    try {
      const [group, version] = groupVersion(apiVersion);
      const urls = await this.urls();
      const url = urls.get(group === '' ? `api/${version}` : `apis/${group}/${version}`);
      if (url === undefined) return undefined;
      const id = `${url}\n${kind}`;
      if (!this.kinds.has(id)) {
        const schema = reduceSchema(await this.document(url), group, version, kind);
        if (this.kinds.size >= MOST_KINDS) this.kinds.clear();
        this.kinds.set(id, schema);
      }
      return this.kinds.get(id);
    } catch (thrown) {
      if (isCancelled(thrown) && signal.aborted) throw thrown;
      return undefined;
    }
  }

  private urls(): Promise<ReadonlyMap<string, string>> {
    if (this.index && Date.now() - this.index.at < INDEX_MS) return this.index.urls;
    const urls = this.json('/openapi/v3', {}).then((answer) => {
      const paths = isRecord(answer) && isRecord(answer['paths']) ? answer['paths'] : {};
      return new Map(
        Object.entries(paths).map(([path, at]) => [
          path,
          isRecord(at) ? textOf(at['serverRelativeURL']) : '',
        ]),
      );
    });
    this.index = { at: Date.now(), urls };
    urls.catch(() => (this.index = undefined));
    return urls;
  }

  /** The server sends the index as text/plain, so the type is not asked for. */
  private async json(path: string, query: Readonly<Record<string, string>>): Promise<unknown> {
    const response = await this.api.open({ path, query }, this.signal);
    const bytes = await collect(response.body, MOST_BYTES);
    return JSON.parse(bytes.toString('utf8')) as unknown;
  }

  private document(url: string): Promise<unknown> {
    const known = this.documents.get(url);
    if (known) return known;
    // Only the server's own place for it: a hostile URL would be another request.
    const [path = '', query = ''] = url.split('?');
    if (!/^\/openapi\/v3\/[\w./-]+$/.test(path) || path.includes('..')) return Promise.resolve(undefined);
    const hash = /^hash=([0-9A-Za-z]+)$/.exec(query)?.[1];
    const asked = this.json(path, hash === undefined ? {} : { hash });
    for (const old of this.documents.keys())
      if (this.documents.size >= MOST_DOCUMENTS) this.documents.delete(old);
    this.documents.set(url, asked);
    asked.catch(() => this.documents.delete(url));
    return asked;
  }
}

/** `apps/v1` as group and version; `v1` has the group ``. */
export function groupVersion(apiVersion: string): readonly [string, string] {
  const at = apiVersion.indexOf('/');
  return at < 0 ? ['', apiVersion] : [apiVersion.slice(0, at), apiVersion.slice(at + 1)];
}

/** The node a reference leads to, with the nearer text. */
export function resolved(schema: KindSchema, node: SchemaNode | undefined): SchemaNode | undefined {
  let here = node;
  for (let turn = 0; here?.ref !== undefined && turn < 10; turn += 1) {
    const { ref, text } = here;
    const target: SchemaNode | undefined = Object.prototype.hasOwnProperty.call(schema.defs, ref)
      ? schema.defs[ref]
      : undefined;
    here = target && (text === undefined ? target : { ...target, text });
  }
  return here;
}

/** Field of a map node, resolved. */
export function fieldOf(
  schema: KindSchema,
  node: SchemaNode | undefined,
  name: string,
): SchemaNode | undefined {
  const fields = node?.fields;
  const own = fields && Object.prototype.hasOwnProperty.call(fields, name) ? fields[name] : node?.values;
  return resolved(schema, own);
}

/** Rules of lists as the schema says (x-kubernetes-list-type, -list-map-keys). */
export function schemaRules(schema: KindSchema | undefined): ListRules | undefined {
  if (!schema) return undefined;
  return (path) => {
    let node = resolved(schema, { ref: schema.root });
    for (const step of path)
      node = 'key' in step ? fieldOf(schema, node, step.key) : resolved(schema, node?.items);
    if (node?.listType === 'map' && node.listKeys && node.listKeys.length > 0)
      return { type: 'map', keys: node.listKeys };
    if (node?.listType === 'set') return { type: 'set' };
    return node?.listType === 'atomic' ? { type: 'atomic' } : undefined;
  };
}
