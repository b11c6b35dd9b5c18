/** The accessible twin of the drawing: the same objects, the same selection, in words. */
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useMemo, useRef, type KeyboardEvent, type MouseEvent, type ReactNode } from 'react';
import { visible } from '#shared/util/text';
import type { Scene } from '../../ui/graph/scene';
import { StatusMark } from '../../ui/StatusMark';
import { listRows } from './list-rows';
import styles from './topology.module.css';

export interface MapListProps {
  readonly scene: Scene;
  readonly selected: number;
  readonly label: string;
  readonly onSelect: (node: number) => void;
  readonly onOpen: (node: number) => void;
  readonly onMenu: (node: number, x: number, y: number) => void;
  /** Keys the list does not use itself: left and right along edges. */
  readonly onKeyDown: (event: KeyboardEvent) => void;
}

const ROW = 26;

export function MapList(props: MapListProps): ReactNode {
  const { scene, selected, label, onSelect, onOpen, onMenu } = props;
  const box = useRef<HTMLDivElement>(null);
  const rows = useMemo(() => listRows(scene), [scene]);
  const place = useMemo(
    () => rows.findIndex((row) => row.type === 'node' && row.node === selected),
    [rows, selected],
  );
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW,
    overscan: 12,
  });
  useEffect(() => {
    if (place >= 0) virtual.scrollToIndex(place, { align: 'auto' });
  }, [place, virtual]);

  const step = (by: number): void => {
    let at = place < 0 ? (by > 0 ? -1 : rows.length) : place;
    do at += by;
    while (rows[at]?.type === 'frame');
    const row = rows[at];
    if (row?.type === 'node') onSelect(row.node);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === 'ArrowDown' || event.key === 'j') step(1);
    else if (event.key === 'ArrowUp' || event.key === 'k') step(-1);
    else return props.onKeyDown(event);
    event.preventDefault();
  };

  return (
    <div
      ref={box}
      className={styles.list}
      role="listbox"
      tabIndex={0}
      aria-label={label}
      aria-activedescendant={place >= 0 ? `map-${place}` : undefined}
      onKeyDown={onKeyDown}
    >
      <div style={{ height: virtual.getTotalSize(), position: 'relative' }} role="presentation">
        {virtual.getVirtualItems().map((item) => {
          const row = rows[item.index]!;
          const style = { height: ROW, transform: `translateY(${item.start}px)` };
          if (row.type === 'frame') {
            const frame = scene.frames[row.frame]!;
            return (
              <div key={`f${frame.id}`} className={styles.head} style={style} role="presentation">
                <span className={styles.name}>{visible(frame.title)}</span>
                <span className={styles.muted}>{frame.count.toLocaleString('en')}</span>
              </div>
            );
          }
          const node = scene.nodes[row.node]!;
          const isSet = node.state === 'set';
          return (
            <div
              key={node.id}
              id={`map-${item.index}`}
              className={styles.item}
              style={style}
              role="option"
              aria-selected={row.node === selected}
              aria-label={sentence(scene, row.node)}
              data-place={`${scene.places[row.node * 2]},${scene.places[row.node * 2 + 1]}`}
              data-state={node.state}
              onClick={() => onSelect(row.node)}
              onDoubleClick={() => onOpen(row.node)}
              onContextMenu={(event: MouseEvent) => {
                event.preventDefault();
                onSelect(row.node);
                onMenu(row.node, event.clientX, event.clientY);
              }}
            >
              {node.tone === 'none' ? <span className={styles.noMark} /> : <StatusMark tone={node.tone} />}
              <span className={styles.tag}>{node.tag}</span>
              <span className={styles.name}>{visible(node.name)}</span>
              <span
                className={
                  node.tone === 'bad' ? styles.bad : node.tone === 'warn' ? styles.warn : styles.muted
                }
              >
                {isSet ? `×${node.count.toLocaleString('en')}` : node.badge}
              </span>
            </div>
          );
        })}
      </div>
    </div>
  );
}

/** A node as it is read out: what it is, how it is, and how many edges lead on. */
export function sentence(scene: Scene, node: number): string {
  const one = scene.nodes[node];
  if (!one) return '';
  let out = 0;
  let back = 0;
  for (let k = scene.starts[node]!; k < scene.starts[node + 1]!; k++) {
    if (scene.edges[scene.touching[k]!] === node) out++;
    else back++;
  }
  // A set without an owner bears the name of its kind, which begins with a capital letter.
  const of = /^[A-Z]/.test(one.name) ? '' : ` of ${one.name}`;
  const what = one.state === 'set' ? `${one.count} ${one.tag}${of}` : `${one.tag} ${one.name}`;
  const state =
    one.words !== '' ? one.words : one.state === 'present' || one.state === 'set' ? '' : one.state;
  return [visible(what), visible(state), `${out} on, ${back} back`].filter(Boolean).join(', ');
}
