/** Remarks and objects of a text, checked in the host a moment after the last key; and outlines of the kinds in it. */
import { useCallback, useEffect, useRef, useState } from 'react';
import { objects, type Checked } from '#shared/contract/objects';
import type { RpcClient } from '#shared/rpc/client';
import type { Outline, OutlineAt } from '../../ui/code/assist';
import { outlineOf } from './outline';

/** Ms after the last key. */
const PAUSE = 250;

export interface CheckState {
  readonly checked: Checked | undefined;
  /** The text `checked` is of. */
  readonly of: string;
  readonly outlineAt: OutlineAt;
}

export function useChecked(client: RpcClient | undefined, text: string): CheckState {
  const [state, setState] = useState<{ checked: Checked | undefined; of: string }>({
    checked: undefined,
    of: '',
  });
  const outlines = useRef(new Map<string, Outline | undefined>());
  const latest = useRef(state);
  latest.current = state;

  useEffect(() => {
    outlines.current.clear();
  }, [client]);

  useEffect(() => {
    if (!client) return undefined;
    const stop = new AbortController();
    const timer = setTimeout(
      () => {
        client.call(objects, 'check', { text }, stop.signal).then(
          (checked) => setState({ checked, of: text }),
          // The dry run will tell; typing goes on.
          () => undefined,
        );
      },
      latest.current.checked === undefined ? 0 : PAUSE,
    );
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [client, text]);

  useEffect(() => {
    if (!client) return;
    for (const { apiVersion, kind } of state.checked?.objects ?? []) {
      const id = `${apiVersion}\n${kind}`;
      if (kind === '' || apiVersion === '' || outlines.current.has(id)) continue;
      outlines.current.set(id, undefined);
      client.call(objects, 'schema', { apiVersion, kind }).then(
        (schema) => outlines.current.set(id, schema && outlineOf(schema)),
        () => outlines.current.delete(id),
      );
    }
  }, [client, state]);

  const outlineAt = useCallback((offset: number): Outline | undefined => {
    const list = latest.current.checked?.objects ?? [];
    const here = [...list].reverse().find((one) => one.from <= offset) ?? list[0];
    return here && outlines.current.get(`${here.apiVersion}\n${here.kind}`);
  }, []);
  return { ...state, outlineAt };
}
