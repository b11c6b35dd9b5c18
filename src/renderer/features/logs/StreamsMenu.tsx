/** Which containers and pods are shown. */
import { useMemo, type ReactNode } from 'react';
import { visible } from '#shared/util/text';
import { Check } from './Check';
import styles from './logs-panel.module.css';
import { Menu } from './Menu';
import type { ToolbarProps } from './Toolbar';

export function StreamsMenu({
  head,
  filter,
  onFilter,
}: Pick<ToolbarProps, 'head' | 'filter' | 'onFilter'>): ReactNode {
  const containers = useMemo(
    () => [...new Set(head.streams.map((one) => one.container))].sort(),
    [head.streams],
  );
  const pods = useMemo(
    () => [...new Map(head.streams.map((one) => [`${one.namespace}/${one.pod}/`, one])).entries()],
    [head.streams],
  );
  const set = (key: string, shown: boolean): void =>
    onFilter({
      ...filter,
      hidden: shown ? filter.hidden.filter((other) => other !== key) : [...filter.hidden, key],
    });
  const only = (key: string, keys: readonly string[]): void => {
    const rest = filter.hidden.filter((other) => !keys.includes(other));
    onFilter({ ...filter, hidden: [...rest, ...keys.filter((other) => other !== key)] });
  };
  const row = (key: string, label: string, keys: readonly string[]): ReactNode => (
    <li key={key} className={styles.pick}>
      <Check label={label} on={!filter.hidden.includes(key)} onChange={(on) => set(key, on)} />
      {keys.length > 1 && (
        <button
          type="button"
          className={styles.textButton}
          aria-label={`Only ${label}`}
          onClick={() => only(key, keys)}
        >
          only
        </button>
      )}
    </li>
  );
  return (
    <Menu title="Containers" on={filter.hidden.length > 0}>
      {() => (
        <>
          <p className={styles.caption}>Containers</p>
          <ul>
            {containers.map((name) =>
              row(
                `//${name}`,
                visible(name),
                containers.map((one) => `//${one}`),
              ),
            )}
          </ul>
          {pods.length > 1 && (
            <>
              <p className={styles.caption}>Pods</p>
              <ul>
                {pods.slice(0, 300).map(([key, one]) =>
                  row(
                    key,
                    visible(one.pod),
                    pods.map(([other]) => other),
                  ),
                )}
              </ul>
            </>
          )}
        </>
      )}
    </Menu>
  );
}
