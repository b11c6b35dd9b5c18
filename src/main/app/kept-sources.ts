/**
 * Prometheus sources that were given by URL, over restarts. The file holds what is open; secrets stand
 * in it only as the key store of the system seals them, whole with their URL, so that an edited file
 * cannot send them elsewhere. Without a key store, or with a locked one, the URL is kept and its
 * secrets are asked for again; what was typed lives in memory until the app ends.
 */
import { z } from 'zod';
import { urlSource } from '#shared/contract/metrics';
import {
  openPart,
  type KeptSources as Kept,
  type KeptUrl,
  type SourceChange,
  type UrlFields,
} from '#shared/domain/prom/kept';
import { readJsonFile, writeJsonFile } from './json-file';
import { hasKeyStore, type KeyStore } from './key-store';

export interface KeptSourcesOptions {
  readonly file: string;
  readonly store: KeyStore;
  readonly platform: NodeJS.Platform;
  readonly log: (text: string) => void;
}

/** Of one context; the oldest ones go. */
const MOST_URLS = 20;
/** Fits the limit of the file (json-file.ts) for some contexts; certificates are small. */
const MOST_CHARS = 3 * 1024 * 1024;

const entry = z.object({
  open: urlSource.omit({ bearer: true, password: true, key: true }),
  missing: z.array(z.enum(['bearer', 'password', 'key', 'headers'])).max(4),
  headerNames: z.array(z.string().max(128)).max(100),
  /** base64 of what the key store made. */
  sealed: z.string().max(2_000_000).optional(),
});
type Entry = z.infer<typeof entry>;

const fileShape = z.record(
  z.string().max(2048),
  z.object({ chosen: z.string().max(4096).optional(), urls: z.array(entry).max(MOST_URLS) }),
);
const sealedShape = z.object({ context: z.string(), source: urlSource });

interface OfContext {
  chosen?: string | undefined;
  urls: Entry[];
}

export class KeptSources {
  private readonly options: KeptSourcesOptions;
  private contexts: Map<string, OfContext> | undefined;
  /** Whole sources of this run, by context and URL. */
  private readonly open = new Map<string, UrlFields>();

  constructor(options: KeptSourcesOptions) {
    this.options = options;
  }

  /** What a host of the context starts with. Opens sealed secrets: a locked key store may ask the person. */
  of(contextId: string): Kept {
    const known = this.read().get(contextId);
    const { chosen, urls = [] } = known ?? {};
    return {
      keyStore: hasKeyStore(this.options.store, this.options.platform),
      ...(chosen === undefined ? {} : { chosen }),
      urls: urls.map((one) => this.whole(contextId, one)),
    };
  }

  apply(contextId: string, change: SourceChange): void {
    const contexts = this.read();
    const mine = contexts.get(contextId) ?? { urls: [] };
    if (change.type === 'choose') mine.chosen = change.id ?? undefined;
    else {
      const url = change.type === 'keep' ? change.source.url : change.url;
      mine.urls = mine.urls.filter((one) => one.open.url !== url);
      this.open.delete(key(contextId, url));
      if (change.type === 'keep') {
        this.open.set(key(contextId, url), change.source);
        mine.urls = [this.entryOf(contextId, change.source), ...mine.urls].slice(0, MOST_URLS);
      }
    }
    if (mine.urls.length === 0 && mine.chosen === undefined) contexts.delete(contextId);
    else contexts.set(contextId, mine);
    this.write(contexts);
  }

  private whole(contextId: string, one: Entry): KeptUrl {
    const { open, missing, headerNames, sealed } = one;
    const source = this.open.get(key(contextId, open.url)) ?? this.unseal(contextId, open.url, sealed);
    if (source) return { source, missing: [], headerNames: [] };
    return { source: open, missing, headerNames };
  }

  private unseal(contextId: string, url: string, sealed: string | undefined): UrlFields | undefined {
    const { store, platform, log } = this.options;
    if (sealed === undefined) return undefined;
    try {
      if (!hasKeyStore(store, platform)) return undefined;
      const found: unknown = JSON.parse(store.decryptString(Buffer.from(sealed, 'base64')));
      const { context, source } = sealedShape.parse(found);
      if (context !== contextId || source.url !== url) return undefined;
      this.open.set(key(contextId, url), source);
      return source;
    } catch {
      // The reason may quote what was opened.
      log('secrets of a metrics source could not be opened; they are asked for again');
      return undefined;
    }
  }

  private entryOf(contextId: string, source: UrlFields): Entry {
    const { source: open, missing, headerNames } = openPart(source);
    const entry: Entry = { open: { ...open }, missing: [...missing], headerNames: [...headerNames] };
    const { store, platform, log } = this.options;
    if (missing.length === 0) return entry;
    try {
      if (!hasKeyStore(store, platform)) return entry;
      const sealed = store.encryptString(JSON.stringify({ context: contextId, source }));
      return { ...entry, sealed: sealed.toString('base64') };
    } catch {
      log('the key store does not take secrets of a metrics source; they last until the app ends');
      return entry;
    }
  }

  private read(): Map<string, OfContext> {
    if (this.contexts) return this.contexts;
    const { value, problem } = readJsonFile(this.options.file);
    if (problem !== undefined) this.options.log(problem);
    const parsed = fileShape.safeParse(value['contexts'] ?? {});
    if (!parsed.success) this.options.log('kept metrics sources cannot be read; they are forgotten');
    this.contexts = new Map(parsed.success ? Object.entries(parsed.data) : []);
    return this.contexts;
  }

  private write(contexts: ReadonlyMap<string, OfContext>): void {
    const { file, log } = this.options;
    try {
      const value = { contexts: Object.fromEntries(contexts) };
      if (JSON.stringify(value).length > MOST_CHARS) throw new Error('too large');
      writeJsonFile(file, value);
    } catch (thrown) {
      const code = (thrown as { code?: string }).code ?? 'too large';
      log(`metrics sources cannot be kept (${code}); they last until the app ends`);
    }
  }
}

function key(contextId: string, url: string): string {
  return `${contextId}\n${url}`;
}
