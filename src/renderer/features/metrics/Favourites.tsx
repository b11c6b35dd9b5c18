/** Queries the person keeps for a context, in its settings; choosing one puts it into the editor. */
import type { ReactNode } from 'react';
import { baseContext } from '#shared/contract/app';
import { visible } from '#shared/util/text';
import { patchContextSettings, useSettings } from '../../data/app-data';
import { useClusterId } from '../../data/connections';
import { Button } from '../../ui/Button';
import styles from './explorer.module.css';

const MOST = 100;
const none: readonly string[] = [];

interface FavouritesProps {
  /** The query in the editor. */
  readonly text: string;
  readonly onChoose: (expr: string) => void;
}

export function Favourites({ text, onChoose }: FavouritesProps): ReactNode {
  const id = baseContext(useClusterId());
  const queries = useSettings().contexts[id]?.queries ?? none;
  const expr = text.trim();
  const kept = queries.includes(expr);
  const set = (next: readonly string[]): void =>
    patchContextSettings(id, { queries: next.length === 0 ? null : next.slice(0, MOST) });
  return (
    <>
      <select
        aria-label="Favourites"
        className={styles.select}
        value=""
        disabled={queries.length === 0}
        onChange={(event) => onChoose(queries[Number(event.target.value)] ?? '')}
      >
        <option value="">Favourites</option>
        {queries.map((one, i) => (
          <option key={one} value={i}>
            {visible(one.length > 100 ? `${one.slice(0, 100)}…` : one)}
          </option>
        ))}
      </select>
      <Button
        look="quiet"
        disabled={expr === ''}
        onClick={() => set(kept ? queries.filter((one) => one !== expr) : [expr, ...queries])}
      >
        {kept ? 'Forget query' : 'Keep query'}
      </Button>
    </>
  );
}
