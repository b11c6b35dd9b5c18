/** The drawer's place beside the tabs; what is in it comes from a feature. */
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { closeDrawer, type DrawerTarget } from '../data/workbench';
import { Resizer } from '../ui/Resizer';
import styles from './drawer-place.module.css';
import { drawer as Drawer } from './features';
import { useLayoutNumber } from './layout';

const MIN = 480;
const MAX = 720;
/** The table keeps at least this much. */
const REST = 300;

export interface DrawerPlaceProps {
  readonly contextId: string;
  readonly target: DrawerTarget;
}

export function DrawerPlace({ contextId, target }: DrawerPlaceProps): ReactNode {
  const width = useLayoutNumber('drawer', MIN);
  const box = useRef<HTMLElement>(null);
  const [room, setRoom] = useState(MAX);
  useEffect(() => {
    const parent = box.current?.parentElement;
    if (!parent) return undefined;
    const observer = new ResizeObserver(() => setRoom(parent.clientWidth - REST));
    observer.observe(parent);
    return () => observer.disconnect();
  }, []);
  if (!Drawer) return null;
  const shown = Math.max(360, Math.min(width.value, room));
  return (
    <aside ref={box} className={styles.drawer} style={{ width: shown }} aria-label="Details">
      <Resizer
        label="Resize details"
        axis="x"
        sign={-1}
        value={shown}
        min={MIN}
        max={MAX}
        onChange={width.set}
        onDone={width.keep}
      />
      <Drawer target={target} onClose={() => closeDrawer(contextId)} />
    </aside>
  );
}
