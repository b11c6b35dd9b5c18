/** Which fields of JSON and logfmt lines are columns. */
import { useEffect, useState, type ReactNode } from 'react';
import { lineFields } from '#shared/domain/logs/fields';
import { visible } from '#shared/util/text';
import { Check } from './Check';
import styles from './logs-panel.module.css';
import { Menu } from './Menu';
import type { ToolbarProps } from './Toolbar';

/** Newest lines in which fields are looked for. */
const SAMPLE = 500;

/** Fields of the newest lines. */
export function FieldsMenu({
  feed,
  head,
  look,
  onLook,
}: Pick<ToolbarProps, 'feed' | 'head' | 'look' | 'onLook'>): ReactNode {
  const [found, setFound] = useState<readonly string[]>([]);
  const [asked, setAsked] = useState(false);
  const lookUp = (): void => {
    const how = { format: 'text', times: false, names: false } as const;
    void feed
      .text(Math.max(head.first, head.end - SAMPLE), Math.max(0, head.end - 1), how)
      .then(({ text }) => {
        const paths = new Map<string, number>();
        for (const line of text.split('\n'))
          for (const path of lineFields(line)?.keys() ?? []) paths.set(path, (paths.get(path) ?? 0) + 1);
        const often = [...paths].sort((a, b) => b[1] - a[1]).map(([path]) => path);
        setFound(often.slice(0, 60));
      });
  };
  const missing = asked && found.length === 0;
  useEffect(() => {
    if (missing && head.end > 0) lookUp();
    // eslint-disable-next-line react-hooks/exhaustive-deps -- asked again only as lines come
  }, [missing, head.end]);
  const all = [...new Set([...look.columns, ...found])];
  return (
    <div
      onClickCapture={() => {
        setAsked(true);
        lookUp();
      }}
    >
      <Menu title="Fields" on={look.columns.length > 0}>
        {() =>
          all.length === 0 ? (
            <p className={styles.caption}>The newest lines hold no JSON and no logfmt.</p>
          ) : (
            <ul>
              {all.map((path) => (
                <li key={path}>
                  <Check
                    label={visible(path)}
                    on={look.columns.includes(path)}
                    onChange={(on) =>
                      onLook({
                        ...look,
                        columns: on
                          ? [...look.columns, path]
                          : look.columns.filter((other) => other !== path),
                      })
                    }
                  />
                </li>
              ))}
            </ul>
          )
        }
      </Menu>
    </div>
  );
}
