/**
 * One edit of one object, from the read to the save. Guarantees: the text is never thrown
 * away but by the person (draft); nothing is written without a dry run that was shown; a
 * newer version on the server leads to a merge, never over it.
 */
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import {
  objects,
  type EditSource,
  type FieldChange,
  type MergeState,
  type RecreatePreview,
  type RecreateState,
  type WriteResult,
} from '#shared/contract/objects';
import type { ObjectRef } from '#shared/contract/resources';
import type { Choice } from '#shared/domain/merge/merge';
import type { RpcClient } from '#shared/rpc/client';
import { isCancelled, toAppError, type AppError } from '#shared/util/app-error';
import { dropDraft, findDraft, keepDraft } from './drafts';
import { lastWriter, useNewer, type Writer } from './use-newer';

export type How = 'update' | 'apply';
export type Good = Extract<WriteResult, { ok: true }>;
export type No = Extract<WriteResult, { ok: false }>;

export type Stage =
  | { readonly at: 'edit' }
  /** The dry run's answer is on screen. */
  | { readonly at: 'review'; readonly result: Good; readonly force: boolean }
  | { readonly at: 'refused'; readonly result: No; readonly dryRun: boolean }
  /** To be deleted and created anew; `state` once it is under way. */
  | { readonly at: 'recreate'; readonly preview: RecreatePreview; readonly state?: RecreateState }
  | { readonly at: 'merge'; readonly merge: MergeState; readonly choices: Readonly<Record<string, Choice>> }
  | { readonly at: 'saved'; readonly result: Good };

export interface Edit {
  readonly source: EditSource | undefined;
  readonly text: string;
  /** The text the edit started from. */
  readonly original: string;
  /** As `EditSource.base` of that version. */
  readonly base: string;
  readonly changed: boolean;
  /** Epoch ms of the draft that was found; undefined: none was. */
  readonly restored: number | undefined;
  /** The draft is only in memory: it may hold a Secret, or is large. */
  readonly volatile: boolean;
  /** The text began with changes that were proposed, not typed. */
  readonly proposed: boolean;
  readonly stage: Stage;
  readonly busy: 'reading' | 'checking' | 'saving' | undefined;
  /** What failed on the way (not a refusal of the server). */
  readonly error: AppError | undefined;
  readonly reveal: boolean;
  readonly how: How;
  write(text: string): void;
  setHow(how: How): void;
  setReveal(reveal: boolean): void;
  discard(): void;
  reload(): void;
  review(force?: boolean): void;
  save(): void;
  back(): void;
  choose(id: string, choice: Choice): void;
  takeMerge(): void;
  /** Their version, when the server has a newer one than the text began with. */
  readonly newer: EditSource | undefined;
  /** Who had written the version the text began with. */
  readonly origin: Writer;
  /** The object is gone from the server. */
  readonly deleted: boolean;
  /** Brings the newer version into the text, by a merge. */
  mergeNewer(): void;
  /** What deleting it and creating it anew would do. */
  askRecreate(): void;
  recreate(propagation: Propagation): void;
  cancelRecreate(): void;
}

export type Propagation = 'Background' | 'Foreground' | 'Orphan';

/** `changes`: JSON of `FieldChange[]`, put into the text once it is read. */
export function useEdit(
  client: RpcClient | undefined,
  contextId: string,
  target: ObjectRef,
  changes?: string,
): Edit {
  const { kind, namespace, name } = target;
  const draftId = `${contextId}\n${kind}\n${namespace}\n${name}`;
  const found = useMemo(() => findDraft(draftId), [draftId]);
  const [source, setSource] = useState<EditSource | undefined>(undefined);
  const [start, setStart] = useState({ base: found?.base ?? '', original: found?.original ?? '' });
  const [text, setText] = useState(found?.text ?? '');
  const [restored, setRestored] = useState(found?.at);
  const [volatile, setVolatile] = useState(false);
  const [stage, setStage] = useState<Stage>({ at: 'edit' });
  const [busy, setBusy] = useState<Edit['busy']>(undefined);
  const [error, setError] = useState<AppError | undefined>(undefined);
  const [reveal, setRevealed] = useState(false);
  const [how, setHow] = useState<How>('update');
  const [round, setRound] = useState(0);
  const [proposed, setProposed] = useState(false);
  const [newer, setNewer] = useState<EditSource | undefined>(undefined);
  const origin = useRef<Writer>({ by: '', at: '' });
  const anew = useRef<{ close(): void; update(change: { cancel: true }): void } | undefined>(undefined);
  useEffect(() => () => anew.current?.close(), []);
  const asked = useRef(changes);
  const changed = text !== start.original;
  const latest = useRef({ changed, text, original: start.original });
  latest.current = { changed, text, original: start.original };
  const isBusy = useRef(false);
  isBusy.current = busy === 'saving' || (stage.at === 'recreate' && stage.state !== undefined);
  const deleted = useNewer(source && client, target, start.base, () => {
    if (!isBusy.current) setRound((count) => count + 1);
  });

  useEffect(() => {
    if (!client) return undefined;
    const stop = new AbortController();
    const propose = async (original: string, fields: readonly FieldChange[]): Promise<void> => {
      try {
        const next = await client.call(
          objects,
          'change',
          { text: original, changes: [...fields] },
          stop.signal,
        );
        if (latest.current.text !== original) return; // The person was faster.
        setText(next);
        setProposed(true);
      } catch (thrown) {
        if (!isCancelled(thrown)) setError(toAppError(thrown));
      }
    };
    setBusy('reading');
    client.call(objects, 'read', { kind, namespace, name, reveal }, stop.signal).then(
      (read) => {
        setBusy(undefined);
        setError(undefined);
        setSource(read);
        // Somebody's text stays, with the version it started from.
        if (latest.current.changed) {
          setNewer(read.text === latest.current.original ? undefined : read);
          return;
        }
        setNewer(undefined);
        origin.current = lastWriter(read);
        setStart({ base: read.base, original: read.text });
        setText(read.text);
        const proposal = asked.current;
        asked.current = undefined;
        if (proposal !== undefined) void propose(read.text, JSON.parse(proposal) as FieldChange[]);
      },
      (thrown: unknown) => {
        setBusy(undefined);
        if (!isCancelled(thrown)) setError(toAppError(thrown));
      },
    );
    return () => stop.abort();
  }, [client, kind, namespace, name, reveal, round]);

  useEffect(() => {
    if (start.base === '') return;
    if (text === start.original) dropDraft(draftId);
    else setVolatile(keepDraft(draftId, { text, ...start, at: Date.now() }) === 'memory');
  }, [draftId, text, start]);

  const write = useCallback((next: string): void => {
    setText(next);
    setStage((before) => (before.at === 'edit' ? before : { at: 'edit' }));
  }, []);

  const send = async (dryRun: boolean, force: boolean): Promise<void> => {
    if (!client) {
      setError({ code: 'closed', message: 'The cluster is not connected. Your text is kept.' });
      return;
    }
    setBusy(dryRun ? 'checking' : 'saving');
    setError(undefined);
    try {
      const input = { text, how, dryRun, force, target: { kind, namespace, name }, base: start.base, reveal };
      const result = await client.call(objects, 'write', input);
      if (!result.ok) {
        setStage(
          result.merge
            ? { at: 'merge', merge: result.merge, choices: {} }
            : { at: 'refused', result, dryRun },
        );
      } else if (dryRun) setStage({ at: 'review', result, force });
      else {
        setStage({ at: 'saved', result });
        setStart({ base: result.base, original: result.after });
        setText(result.after);
        setRestored(undefined);
        dropDraft(draftId);
        setRound((count) => count + 1);
      }
    } catch (thrown) {
      if (!isCancelled(thrown)) setError(toAppError(thrown));
      else
        setError({
          code: 'closed',
          message: 'The connection went away. Your text is kept; look whether it was saved.',
        });
    } finally {
      setBusy(undefined);
    }
  };

  const choose = async (id: string, choice: Choice): Promise<void> => {
    if (stage.at !== 'merge' || !client) return;
    const choices = { ...stage.choices, [id]: choice };
    setStage({ ...stage, choices });
    try {
      const theirs = stage.merge.theirs;
      const merged = await client.call(objects, 'merge', {
        base: start.base,
        mine: text,
        theirs,
        choices,
        reveal,
      });
      const { by, at } = stage.merge;
      setStage((now) =>
        now.at === 'merge' && now.choices === choices ? { ...now, merge: { ...merged, by, at } } : now,
      );
    } catch (thrown) {
      setError(toAppError(thrown));
    }
  };

  const mergeNewer = async (): Promise<void> => {
    if (!client || !newer) return;
    try {
      const merge = await client.call(objects, 'merge', {
        base: start.base,
        mine: text,
        theirs: newer.base,
        choices: {},
        reveal,
      });
      setStage({ at: 'merge', merge: { ...merge, ...lastWriter(newer, merge.theirChanges) }, choices: {} });
    } catch (thrown) {
      if (!isCancelled(thrown)) setError(toAppError(thrown));
    }
  };

  const sent = { text, target: { kind, namespace, name }, base: start.base, reveal };
  const askRecreate = async (): Promise<void> => {
    if (!client) return;
    setBusy('checking');
    setError(undefined);
    try {
      setStage({ at: 'recreate', preview: await client.call(objects, 'recreatePreview', sent) });
    } catch (thrown) {
      if (!isCancelled(thrown)) setError(toAppError(thrown));
    } finally {
      setBusy(undefined);
    }
  };
  const beginRecreate = (propagation: Propagation): void => {
    if (!client || stage.at !== 'recreate') return;
    const { preview } = stage;
    const tell = (state: RecreateState): void => setStage({ at: 'recreate', preview, state });
    anew.current?.close();
    const stream = client.open(
      objects,
      'recreate',
      { ...sent, propagation },
      {
        onData: (state) => {
          tell(state);
          const isOver = state.phase === 'done' || state.phase === 'failed' || state.phase === 'cancelled';
          if (isOver) stream.close();
          if (state.text === undefined || state.base === undefined) return;
          // What is stored now is what the edit goes on from; a text that was refused stays.
          setStart({ base: state.base, original: state.text });
          setRound((count) => count + 1);
          if (state.phase !== 'done') return;
          setText(state.text);
          setRestored(undefined);
          dropDraft(draftId);
        },
        onEnd: (error) =>
          tell({
            phase: 'failed',
            message: 'The connection went away. Your text is kept; look whether the object is there.',
            error: error ?? { code: 'closed', message: 'The process of this cluster ended.' },
          }),
      },
    );
    anew.current = stream;
  };

  return {
    source,
    text,
    original: start.original,
    base: start.base,
    changed,
    restored,
    volatile: volatile && changed,
    proposed,
    stage,
    busy,
    error,
    reveal,
    how,
    write,
    setHow: (next) => {
      setHow(next);
      setStage({ at: 'edit' });
    },
    setReveal: setRevealed,
    discard: () => {
      dropDraft(draftId);
      setRestored(undefined);
      setStage({ at: 'edit' });
      if (source) {
        setStart({ base: source.base, original: source.text });
        setText(source.text);
      }
      // What was read may be old by now.
      latest.current = { ...latest.current, changed: false };
      setNewer(undefined);
      setRound((count) => count + 1);
    },
    reload: () => setRound((count) => count + 1),
    review: (force = false) => void send(true, force),
    save: () => void send(false, stage.at === 'review' && stage.force),
    back: () => setStage({ at: 'edit' }),
    choose: (id, choice) => void choose(id, choice),
    takeMerge: () => {
      if (stage.at !== 'merge') return;
      const { theirs, theirText, text: merged } = stage.merge;
      // From here on the edit starts from their version.
      setStart({ base: theirs, original: theirText });
      setText(merged);
      setNewer(undefined);
      setStage({ at: 'edit' });
    },
    newer: changed ? newer : undefined,
    origin: origin.current,
    deleted,
    mergeNewer: () => void mergeNewer(),
    askRecreate: () => void askRecreate(),
    recreate: beginRecreate,
    cancelRecreate: () => anew.current?.update({ cancel: true }),
  };
}
