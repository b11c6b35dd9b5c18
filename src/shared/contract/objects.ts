/**
 * Reading objects for an edit and writing them: dry run, update, server-side apply, create.
 * Text is YAML on both ways; it is parsed only in the host. What the server says against a
 * write (conflict, owners, refusal) is an answer, not a thrown error, because screens go on
 * from it. Values of Secrets travel only when `reveal` asks for them: else they are
 * `<hidden>`, and a `<hidden>` that comes back keeps the stored value.
 */
import { z } from 'zod';
import type { Choice, Conflict } from '../domain/merge/merge';
import { call, slice, stream } from '../rpc/define';
import type { AppError } from '../util/app-error';
import { objectRef } from './resources';

/** Largest text that is parsed (characters). */
export const MOST_TEXT = 5 * 1024 * 1024;

export interface EditSource {
  /** Without status, managedFields and what only the server sets (uid, resourceVersion, ...). */
  readonly text: string;
  /** The whole object but managedFields as JSON: give it back with a write, it is what the edit started from. */
  readonly base: string;
  readonly apiVersion: string;
  readonly kind: string;
  readonly owners: readonly OwnedField[];
  /** Values are hidden; `reveal` shows them. */
  readonly hidden: boolean;
}

/** One field and who set it. */
export interface OwnedField {
  /** As in `pathText` of the merge domain. */
  readonly path: string;
  /** Line of `EditSource.text` where the field stands, from 1; 0 when it is not in it. */
  readonly line: number;
  readonly manager: string;
  readonly operation: string;
  readonly subresource: string;
  readonly time: string;
}

/** A place in the text: offsets, `to` excluded. */
export interface Remark {
  readonly from: number;
  readonly to: number;
  readonly severity: 'error' | 'warning';
  readonly message: string;
}

/** One document (or element of a List) of a text. */
export interface CheckedObject {
  /** Of the document in the text. */
  readonly from: number;
  readonly to: number;
  /** Element of a List in this document; undefined: the document itself. */
  readonly item?: number;
  readonly apiVersion: string;
  readonly kind: string;
  /** Kind id where the server serves it. */
  readonly kindId?: string;
  readonly namespaced: boolean;
  /** As written; empty: none. */
  readonly namespace: string;
  readonly name: string;
  /** Sane order of writing: namespaces and CRDs first, workloads late. Lower goes first. */
  readonly order: number;
  /** Why it cannot be written at all. */
  readonly problem?: string;
}

export interface Checked {
  readonly objects: readonly CheckedObject[];
  readonly remarks: readonly Remark[];
}

/** A schema node, short: descriptions cut, references by name into `KindSchema.defs`. */
export interface SchemaNode {
  readonly type?: string;
  readonly text?: string;
  readonly ref?: string;
  readonly fields?: Readonly<Record<string, SchemaNode>>;
  readonly required?: readonly string[];
  readonly items?: SchemaNode;
  readonly values?: SchemaNode;
  readonly choices?: readonly string[];
  readonly format?: string;
  /** Fields beyond `fields` are kept by the server. */
  readonly open?: boolean;
  readonly intOrString?: boolean;
  readonly listType?: string;
  readonly listKeys?: readonly string[];
  readonly default?: string;
}

export interface KindSchema {
  /** Of the kind itself, in `defs`. */
  readonly root: string;
  readonly defs: Readonly<Record<string, SchemaNode>>;
}

/** What kind of refusal it is, for the words and ways out on screen. */
export type Refusal =
  | 'changed' // somebody wrote it meanwhile: `merge` is there
  | 'owners' // server-side apply: others own fields
  | 'immutable'
  | 'webhook'
  | 'policy' // a ValidatingAdmissionPolicy or Pod Security
  | 'quota'
  | 'gone'
  | 'replaced' // same name, another uid
  | 'exists'
  | 'no-namespace'
  | 'invalid'
  | 'other';

export interface MergeState {
  /** As `EditSource.base`, of the version on the server now. */
  readonly theirs: string;
  /** In the form of `EditSource.text`. */
  readonly theirText: string;
  /** Text of the merge; theirs at open conflicts. */
  readonly text: string;
  readonly conflicts: readonly ConflictText[];
  /** What they changed since base: path texts, at most 200. */
  readonly theirChanges: readonly string[];
  /** Newest manager of theirs and when (RFC 3339), from managedFields. */
  readonly by: string;
  readonly at: string;
}

/** A conflict with its values as YAML; empty: the field is not there. */
export interface ConflictText {
  readonly id: string;
  readonly what: Conflict['what'];
  readonly base: string;
  readonly mine: string;
  readonly theirs: string;
}

export type WriteResult =
  | {
      readonly ok: true;
      /** As stored before (empty: it was not there) and after, in the form of `EditSource.text`. */
      readonly before: string;
      readonly after: string;
      /** Warning headers of the server. */
      readonly warnings: readonly string[];
      /** Apply cannot take these away: others own them. */
      readonly notRemovable: readonly string[];
      readonly created: boolean;
      /** Dry run and server agree that nothing would change. */
      readonly unchanged: boolean;
      readonly base: string;
    }
  | {
      readonly ok: false;
      readonly refusal: Refusal;
      readonly error: AppError;
      readonly warnings: readonly string[];
      readonly merge?: MergeState;
      /** Fields others own, for `owners`. */
      readonly owners?: readonly { readonly manager: string; readonly field: string }[];
    };

/** Steps into an object; `{key, is}` is the element of a list whose `key` has that value. */
const fieldChange = z.object({
  path: z
    .array(z.union([z.string().max(512), z.object({ key: z.string().max(253), is: z.string().max(253) })]))
    .min(1)
    .max(20),
  value: z.union([z.string().max(4096), z.number().finite(), z.boolean()]),
});
export type FieldChange = z.infer<typeof fieldChange>;

export interface RecreatePreview {
  /** As stored now, and as it would be created, in the form of `EditSource.text`. */
  readonly before: string;
  readonly after: string;
  /** Paths of the text that do not go into the new one: the server sets them anew. */
  readonly left: readonly string[];
  readonly warnings: readonly string[];
  /** Something is lost that nothing brings back. */
  readonly loses: boolean;
  /** The server refused it when it was tried under another name; the real one may fare better. */
  readonly problem?: AppError;
}

export interface RecreateState {
  readonly phase: 'deleting' | 'waiting' | 'creating' | 'done' | 'failed' | 'cancelled';
  /** What is true now, in a sentence. */
  readonly message: string;
  readonly error?: AppError;
  /** The old one is gone, or going, and no new one is there. */
  readonly gone?: boolean;
  /** What is stored now, where something is. */
  readonly text?: string;
  readonly base?: string;
}

const text = z.string().max(MOST_TEXT);
const json = z.string().max(4 * MOST_TEXT);
const choices = z.record(z.string().max(2048), z.enum(['mine', 'theirs', 'base'] satisfies Choice[]));
const reveal = z.boolean();
const anew = z.object({ text, target: objectRef, base: json, reveal });

export const objects = slice('objects', {
  /** A fresh read, never from a cache. */
  read: call(objectRef.extend({ reveal })).returns<EditSource>(),
  /** Syntax, YAML 1.1 traps, schema, kinds and order of everything in a text. Contacts the server for schemas only. */
  check: call(z.object({ text })).returns<Checked>(),
  /** Undefined: the server has no schema of it. */
  schema: call(z.object({ apiVersion: z.string().max(512), kind: z.string().max(253) })).returns<
    KindSchema | undefined
  >(),
  /** The text with these fields set, all else as it is. Contacts nobody. */
  change: call(z.object({ text, changes: z.array(fieldChange).min(1).max(200) })).returns<string>(),
  write: call(
    z.object({
      text,
      item: z.number().int().min(0).max(100_000).optional(),
      /** `update` needs a target and base; `apply` makes or changes; `create` only makes. */
      how: z.enum(['update', 'apply', 'create']),
      dryRun: z.boolean(),
      /** Take fields over from their owners. Only after somebody said so. */
      force: z.boolean(),
      /** What is being edited: the text must be of this object. */
      target: objectRef.optional(),
      base: json.optional(),
      /** For namespaced objects that name none. */
      namespace: z.string().max(253).optional(),
      reveal,
    }),
  ).returns<WriteResult>(),
  /** What deleting it and creating the text's object instead would do. Changes nothing. */
  recreatePreview: call(anew).returns<RecreatePreview>(),
  /** Does it. Closing the stream, or a cancel, before the old one is gone makes no new one. */
  recreate: stream(
    anew.extend({ propagation: z.enum(['Background', 'Foreground', 'Orphan']) }),
    z.object({ cancel: z.literal(true) }),
  ).of<RecreateState>(),
  /** Three versions merged anew with choices; `mine` is the edited text. */
  merge: call(z.object({ base: json, mine: text, theirs: json, choices, reveal })).returns<MergeState>(),
});
