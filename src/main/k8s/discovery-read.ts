/**
 * Reads what a server says it serves: two aggregated requests (1.27 and newer, with ETags) or,
 * where it does not know those, the classic one per group version.
 * Guarantees: a group that fails is named and hides no other (fault 14); names that could
 * not be part of a path are dropped; at most 5,000 kinds are taken.
 */
import { isCancelled, toAppError, type AppError } from '#shared/util/app-error';
import type { Api } from './api';
import { collect } from './body';

const AGGREGATED =
  'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,' +
  'application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json';
const DISCOVERY_BYTES = 16 * 1024 * 1024;
const MAX_RESOURCES = 5_000;
const PARALLEL = 8;

export interface ServedResource {
  readonly group: string;
  /** Versions that serve it, the server's preferred one first. */
  readonly versions: string[];
  readonly resource: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly singular: string;
  readonly verbs: readonly string[];
  readonly shortNames: readonly string[];
}

export interface Failed {
  readonly group: string;
  readonly message: string;
}

export interface Served {
  readonly resources: ReadonlyMap<string, ServedResource>;
  readonly failed: readonly Failed[];
}

interface AnyResource {
  readonly resource?: unknown;
  readonly name?: unknown;
  readonly kind?: unknown;
  readonly responseKind?: { readonly kind?: unknown } | null;
  readonly scope?: unknown;
  readonly namespaced?: unknown;
  readonly singularResource?: unknown;
  readonly singularName?: unknown;
  readonly verbs?: unknown;
  readonly shortNames?: unknown;
}

interface GroupItem {
  readonly metadata?: { readonly name?: unknown } | null;
  readonly versions?:
    | readonly {
        readonly version?: unknown;
        readonly freshness?: unknown;
        readonly resources?: readonly AnyResource[] | null;
      }[]
    | null;
}

interface Cached {
  readonly etag: string | undefined;
  readonly document: unknown;
}

export class DiscoveryReader {
  private readonly cache = new Map<string, Cached>();
  private last: Served | undefined;

  constructor(private readonly api: Api) {}

  /** The same object again when nothing changed. AppFailure when the server cannot be asked at all. */
  async read(signal: AbortSignal): Promise<Served> {
    const [core, groups] = await Promise.all([this.get('/api', signal), this.get('/apis', signal)]);
    if (this.last && !core.changed && !groups.changed) return this.last;
    const into = new Collector();
    for (const { document } of [core, groups]) {
      if (isAggregated(document)) for (const item of document.items ?? []) into.group(item);
      else await this.classic(document, into, signal);
    }
    // Classic answers have no ETag for their parts: they are read each time.
    this.last = { resources: into.resources, failed: into.failed };
    return this.last;
  }

  private async get(path: string, signal: AbortSignal): Promise<{ changed: boolean; document: unknown }> {
    const held = this.cache.get(path);
    const headers = held?.etag === undefined ? undefined : { 'if-none-match': held.etag };
    const response = await this.api.open({ path, accept: AGGREGATED, headers }, signal);
    if (response.status === 304 && held) {
      await collect(response.body, 1024);
      return { changed: false, document: held.document };
    }
    const document = parse(await collect(response.body, DISCOVERY_BYTES));
    const aggregated = isAggregated(document);
    this.cache.set(path, { etag: aggregated ? response.headers['etag'] : undefined, document });
    return { changed: true, document };
  }

  private async classic(document: unknown, into: Collector, signal: AbortSignal): Promise<void> {
    const jobs = classicVersions(document);
    const worker = async (): Promise<void> => {
      for (let job = jobs.shift(); job; job = jobs.shift()) {
        try {
          const path =
            job.group === '' ? `/api/${enc(job.version)}` : `/apis/${enc(job.group)}/${enc(job.version)}`;
          const list = await this.api.json<{ resources?: readonly AnyResource[] | null }>(
            { path },
            signal,
            DISCOVERY_BYTES,
          );
          job.resources = list.resources ?? [];
        } catch (thrown) {
          if (isCancelled(thrown)) throw thrown;
          job.error = toAppError(thrown);
        }
      }
    };
    const all = [...jobs];
    await Promise.all(Array.from({ length: PARALLEL }, worker));
    for (const job of all) {
      if (job.error) into.fail(job.group, job.error.message);
      else for (const resource of job.resources ?? []) into.add(job.group, job.version, resource);
    }
  }
}

function enc(text: string): string {
  return encodeURIComponent(text);
}

function parse(bytes: Buffer): unknown {
  return JSON.parse(bytes.toString('utf8')) as unknown;
}

function isAggregated(document: unknown): document is { items?: readonly GroupItem[] | null } {
  return (document as { kind?: unknown } | null)?.kind === 'APIGroupDiscoveryList';
}

interface ClassicJob {
  readonly group: string;
  readonly version: string;
  resources?: readonly AnyResource[];
  error?: AppError;
}

/** Versions of an APIVersions or APIGroupList document, preferred ones first. */
function classicVersions(document: unknown): ClassicJob[] {
  const found = document as {
    versions?: unknown;
    groups?: readonly {
      name?: unknown;
      versions?: readonly { version?: unknown }[];
      preferredVersion?: { version?: unknown };
    }[];
  } | null;
  const jobs: ClassicJob[] = [];
  const take = (group: string, version: unknown): void => {
    if (typeof version === 'string' && isName(version)) jobs.push({ group, version });
  };
  if (Array.isArray(found?.versions)) for (const version of found.versions as unknown[]) take('', version);
  if (Array.isArray(found?.groups))
    for (const group of found.groups) {
      if (typeof group.name !== 'string' || !isName(group.name)) continue;
      const preferred = group.preferredVersion?.version;
      const versions: unknown[] = (group.versions ?? []).map((one: { version?: unknown }) => one.version);
      for (const version of [preferred, ...versions.filter((one) => one !== preferred)])
        take(group.name, version);
    }
  return jobs;
}

class Collector {
  readonly resources = new Map<string, ServedResource>();
  readonly failed: Failed[] = [];

  group(item: GroupItem): void {
    const name = item.metadata?.name ?? '';
    if (typeof name !== 'string' || (name !== '' && !isName(name))) return;
    for (const { version, freshness, resources } of item.versions ?? []) {
      if (typeof version !== 'string' || !isName(version)) continue;
      if (freshness === 'Stale')
        this.fail(
          name,
          `The API ${name}/${version} does not answer: the service behind its APIService is down.`,
        );
      for (const resource of resources ?? []) this.add(name, version, resource);
    }
  }

  fail(group: string, message: string): void {
    if (!this.failed.some((one) => one.group === group)) this.failed.push({ group, message });
  }

  add(group: string, version: string, found: AnyResource): void {
    const resource = found.resource ?? found.name;
    const kind = found.responseKind?.kind ?? found.kind;
    if (typeof resource !== 'string' || !isName(resource) || resource.includes('/')) return;
    if (typeof kind !== 'string' || !/^[A-Za-z][A-Za-z0-9]{0,62}$/.test(kind)) return;
    const key = `${resource}\0${group}`;
    const held = this.resources.get(key);
    if (held) {
      if (!held.versions.includes(version)) held.versions.push(version);
      return;
    }
    if (this.resources.size >= MAX_RESOURCES) return;
    const singular = found.singularResource ?? found.singularName;
    this.resources.set(key, {
      group,
      versions: [version],
      resource,
      kind,
      namespaced: found.namespaced === true || found.scope === 'Namespaced',
      singular: typeof singular === 'string' ? singular : '',
      verbs: texts(found.verbs),
      shortNames: texts(found.shortNames),
    });
  }
}

function isName(text: string): boolean {
  return text.length <= 253 && /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(text);
}

function texts(found: unknown): string[] {
  return Array.isArray(found)
    ? found.filter((one): one is string => typeof one === 'string' && one.length <= 63).slice(0, 20)
    : [];
}
