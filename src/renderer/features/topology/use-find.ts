/** Search within what is drawn: matches are marked, Enter flies from one to the next. */
import { useEffect, useMemo, useState, type RefObject } from 'react';
import type { GraphView } from '../../ui/graph/graph-view';
import type { Scene } from '../../ui/graph/scene';

export interface Find {
  readonly text: string;
  set(text: string): void;
  /** Undefined without a text. */
  readonly found: number | undefined;
  /** The match after this node; -1 without any. */
  next(after: number): number;
}

export function useFind(scene: Scene, view: RefObject<GraphView | undefined>): Find {
  const [text, set] = useState('');
  const matches = useMemo(() => {
    const words = text.trim().toLowerCase().split(/\s+/).filter(Boolean);
    if (words.length === 0) return undefined;
    const found = new Set<number>();
    scene.nodes.forEach((node, i) => {
      const all =
        `${node.tag} ${node.name} ${node.words} ${scene.frames[node.frame]?.title ?? ''}`.toLowerCase();
      if (words.every((word) => all.includes(word))) found.add(i);
    });
    return found;
  }, [scene, text]);
  useEffect(() => {
    view.current?.setMatches(matches);
  }, [matches, view, scene]);
  return {
    text,
    set,
    found: matches?.size,
    next: (after) => {
      if (!matches || matches.size === 0) return -1;
      const sorted = [...matches];
      return sorted.find((at) => at > after) ?? sorted[0] ?? -1;
    },
  };
}
