/**
 * The person's settings, in memory and as JSON in the app's folder.
 * Guarantees: what newer versions wrote and this one does not know stays in the file
 * (fault 70); a value of the wrong type counts as its default; a damaged file is kept as
 * a copy and `problem` says so (fault 69); a full disk does not stop the app.
 */
import { z } from 'zod';
import type { Settings } from '#shared/contract/app';
import type { Scope } from '#shared/rpc/scope';
import { fail } from '#shared/util/app-error';
import { isObject, readJsonFile, writeJsonFile, type JsonObject } from './json-file';

const strings = z.array(z.string().max(4096)).max(10_000);

const contextSettings = z.looseObject({
  alias: z.string().max(256).optional(),
  color: z.string().max(64).optional(),
  namespaces: strings.optional(),
  favourites: strings.optional(),
  protected: z.boolean().optional(),
  readOnly: z.boolean().optional(),
  group: z.string().max(256).optional(),
  order: z.number().finite().optional(),
  hidden: z.boolean().optional(),
  favourite: z.boolean().optional(),
  loginCommand: z.string().max(4096).optional(),
  forwards: z
    .array(
      z.looseObject({
        kind: z.string().max(512),
        namespace: z.string().max(253),
        name: z.string().max(253),
        remote: z.string().max(63),
        local: z.number().int().min(0).max(65_535),
        address: z.enum(['127.0.0.1', '0.0.0.0']),
      }),
    )
    .max(200)
    .optional(),
  hibernateAfter: z.number().min(0).max(10_080).optional(),
  debugPods: z.record(z.string().max(600), z.enum(['copy', 'node', 'kept'])).optional(),
  acceptedRisks: z
    .record(z.string().max(2048), z.looseObject({ note: z.string().max(4096), at: z.number() }))
    .optional(),
});

const tableSettings = z.looseObject({
  order: strings.optional(),
  hidden: strings.optional(),
  shown: strings.optional(),
  widths: z.record(z.string(), z.number()).optional(),
  sort: z.looseObject({ column: z.string(), desc: z.boolean() }).optional(),
});

/** Every known setting with its default; a value that does not fit counts as the default. */
const known = {
  theme: z.enum(['system', 'light', 'dark']).default('system'),
  density: z.enum(['compact', 'normal', 'relaxed']).default('normal'),
  lastContext: z.string().max(2048).nullable().default(null),
  contexts: z.record(z.string(), contextSettings).default({}),
  tables: z.record(z.string(), tableSettings).default({}),
  layout: z.record(z.string(), z.union([z.number(), z.boolean()])).default({}),
  kubeconfigs: strings.default([]),
  recent: z.array(z.string().max(2048)).max(50).default([]),
  hibernateAfter: z.number().min(0).max(10_080).default(0),
  debugImages: z.array(z.string().max(1_024)).max(50).optional(),
  keepRows: z.boolean().default(true),
  plugins: z.record(z.string().max(8192), z.string().max(128)).default({}),
} as const;

/** Size of the whole file; a page that writes more than this is not ours. */
const MAX_CHARS = 1024 * 1024;
const WRITE_AFTER_MS = 200;
const forbidden = new Set(['__proto__', 'constructor', 'prototype']);

/** RFC 7386: null removes, objects merge, everything else replaces. Returns a new value. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const result: JsonObject = isObject(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (forbidden.has(key)) continue;
    if (value === null) delete result[key];
    else result[key] = mergePatch(result[key], value);
  }
  return result;
}

/**
 * A value that does not fit counts as absent and takes nothing else with it: a wrong colour must
 * not make a read-only context writable.
 */
function readContexts(raw: unknown): JsonObject {
  const contexts: JsonObject = {};
  if (!isObject(raw)) return contexts;
  for (const [id, value] of Object.entries(raw)) {
    if (!isObject(value) || forbidden.has(id)) continue;
    const kept: JsonObject = {};
    for (const [field, found] of Object.entries(value)) {
      const schema = Object.hasOwn(contextSettings.shape, field)
        ? contextSettings.shape[field as keyof typeof contextSettings.shape]
        : undefined;
      if (!schema || schema.safeParse(found).success) kept[field] = found;
    }
    contexts[id] = kept;
  }
  return contexts;
}

function readKnown(raw: JsonObject): Settings {
  const result: JsonObject = {};
  for (const [key, schema] of Object.entries(known)) {
    const parsed = schema.safeParse(raw[key]);
    result[key] = parsed.success ? parsed.data : schema.parse(undefined);
  }
  result['contexts'] = readContexts(raw['contexts']);
  return result as unknown as Settings;
}

/** Of the merged contexts the ones, and their fields, that the patch names. */
function touched(merged: JsonObject, patch: Readonly<Record<string, unknown>>): unknown {
  const { contexts } = merged;
  if (!isObject(contexts) || !isObject(patch['contexts'])) return contexts;
  const found: JsonObject = {};
  for (const [id, change] of Object.entries(patch['contexts'])) {
    const whole = contexts[id];
    if (!Object.hasOwn(contexts, id)) continue;
    found[id] =
      isObject(whole) && isObject(change)
        ? Object.fromEntries(Object.entries(whole).filter(([field]) => Object.hasOwn(change, field)))
        : whole;
  }
  return found;
}

export class SettingsStore {
  /** Set when the file could not be used; for the person. */
  readonly problem: string | undefined;
  private readonly path: string;
  private readonly scope: Scope;
  private readonly onProblem: (text: string) => void;
  private raw: JsonObject;
  private current: Settings;
  private cancelWrite: (() => void) | undefined;
  private toldWrite = false;
  private readonly listeners = new Set<(settings: Settings) => void>();

  constructor(path: string, scope: Scope, onProblem: (text: string) => void) {
    this.path = path;
    this.scope = scope;
    this.onProblem = onProblem;
    const read = readJsonFile(path);
    this.raw = read.value;
    this.problem = read.problem;
    this.current = readKnown(this.raw);
    scope.add(() => this.flush());
  }

  get value(): Settings {
    return this.current;
  }

  /** Called after every change; returns how to stop. */
  onChange(listener: (settings: Settings) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Merges a JSON patch (RFC 7386). Refuses a known key of the wrong type and an oversize result. */
  patch(patch: Readonly<Record<string, unknown>>): Settings {
    const merged = mergePatch(this.raw, patch) as JsonObject;
    for (const key of Object.keys(patch)) {
      const schema = Object.hasOwn(known, key) ? known[key as keyof typeof known] : undefined;
      // Of the contexts only those of the patch: what an older file holds is not its fault.
      const result = schema?.safeParse(key === 'contexts' ? touched(merged, patch) : merged[key]);
      if (result && !result.success) {
        throw fail('invalid-input', `The setting ${key} cannot have that value.`);
      }
    }
    if (JSON.stringify(merged).length > MAX_CHARS) throw fail('too-large', 'The settings are over 1 MiB.');
    this.raw = merged;
    this.current = readKnown(merged);
    this.cancelWrite ??= this.scope.timeout(() => this.flush(), WRITE_AFTER_MS);
    for (const listener of [...this.listeners]) listener(this.current);
    return this.current;
  }

  /** Writes now what is waiting to be written. */
  flush(): void {
    if (!this.cancelWrite) return;
    this.cancelWrite();
    this.cancelWrite = undefined;
    try {
      writeJsonFile(this.path, this.raw);
    } catch (thrown) {
      if (this.toldWrite) return;
      this.toldWrite = true;
      const code = (thrown as { code?: string }).code ?? String(thrown);
      this.onProblem(`Settings cannot be saved to ${this.path} (${code}). They last until the app ends.`);
    }
  }
}
