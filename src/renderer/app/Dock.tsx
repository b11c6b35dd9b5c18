/** The bottom dock: logs, shells, forwards. Hidden while empty; its panels stay alive while covered. */
import { IconX } from '@tabler/icons-react';
import { memo, type ReactNode } from 'react';
import { visible as visibleText } from '#shared/util/text';
import { closeDock, useBench, useWorkbench } from '../data/workbench';
import { Resizer } from '../ui/Resizer';
import styles from './dock.module.css';
import { docks } from './features';
import { useLayoutNumber } from './layout';

const MIN = 120;

export interface DockProps {
  readonly contextId: string;
  readonly visible: boolean;
}

export const Dock = memo(function Dock({ contextId, visible }: DockProps): ReactNode {
  const bench = useBench(contextId);
  const height = useLayoutNumber('dock', 280);
  const max = Math.max(MIN, window.innerHeight - 240);
  const show = (id: string): void =>
    useWorkbench.getState().update(contextId, (before) => ({ ...before, activeDock: id }));
  return (
    <section className={styles.dock} aria-label="Dock" style={{ height: Math.min(height.value, max) }}>
      <Resizer
        label="Resize dock"
        axis="y"
        sign={-1}
        value={height.value}
        min={MIN}
        max={max}
        onChange={height.set}
        onDone={height.keep}
      />
      <div className={styles.tabs} role="tablist" aria-label="Dock tabs">
        {bench.dock.map((panel) => (
          <div key={panel.id} className={styles.tab} data-on={panel.id === bench.activeDock || undefined}>
            <button
              type="button"
              role="tab"
              aria-selected={panel.id === bench.activeDock}
              className={styles.title}
              onClick={() => show(panel.id)}
            >
              {visibleText(panel.title)}
            </button>
            <button
              type="button"
              className={styles.close}
              aria-label={`Close ${panel.title}`}
              onClick={() => closeDock(contextId, panel.id)}
            >
              <IconX />
            </button>
          </div>
        ))}
      </div>
      {bench.dock.map((panel) => {
        const Component = docks.get(panel.page)?.component;
        const on = panel.id === bench.activeDock;
        return (
          <div key={panel.id} className={styles.panel} role="tabpanel" aria-label={panel.title} hidden={!on}>
            {Component && <Component tab={panel} visible={visible && on} />}
          </div>
        );
      })}
    </section>
  );
});
