/** Two rows that do not wrap at ordinary widths: what is looked at and found, and how it is shown. */
import type { ReactNode, Ref } from 'react';
import type { GroupBy, MapTone, MapView } from '#shared/domain/topology/map/types';
import { visible } from '#shared/util/text';
import { Button } from '../../ui/Button';
import { Choice } from '../../ui/Choice';
import { StatusMark } from '../../ui/StatusMark';
import { TextField } from '../../ui/TextField';
import type { MapShown } from './map-state';
import { canObserve, layerWords } from './observed';
import styles from './topology.module.css';
import { groupsOf, groupTitles, NARROW, toneTitles, viewTitles, WIDE } from './views';

export interface Shown {
  readonly view: MapView;
  readonly groupBy: GroupBy;
  readonly depth: number;
  readonly expandAll: boolean;
  /** With observed traffic. */
  readonly observed: boolean;
  readonly text: string;
  readonly kinds: readonly string[];
  readonly tones: readonly MapTone[];
}

export interface ToolbarProps {
  readonly shown: Shown;
  readonly hasObject: boolean;
  readonly batch: MapShown | undefined;
  readonly filterRef: Ref<HTMLInputElement>;
  readonly onChange: (change: Partial<Shown>) => void;
  readonly onSearch: (text: string) => void;
  readonly search: string;
  readonly found: number | undefined;
  readonly onNext: () => void;
  readonly onExport: (what: 'svg' | 'png' | 'mermaid' | 'copy') => void;
}

export function Toolbar(props: ToolbarProps): ReactNode {
  const { shown, hasObject, batch, filterRef, onChange, search, found, onSearch, onNext, onExport } = props;
  const views = hasObject ? NARROW : WIDE;
  const groups = groupsOf(shown.view);
  const layer = visible(layerWords(batch?.observed));
  return (
    <div className={styles.tools}>
      <div className={styles.tool}>
        <Choice
          label="View"
          value={shown.view}
          options={views.map((value) => ({ value, label: viewTitles[value] }))}
          onChange={(view) => onChange({ view })}
        />
        <span className={styles.spring} />
        <TextField
          ref={filterRef}
          hideLabel
          label="Find in the map"
          placeholder="Find"
          title="Enter goes to the next one"
          className={styles.find}
          value={search}
          onChange={(event) => onSearch(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter') onNext();
          }}
        />
        {found !== undefined && (
          <span className={styles.muted} role="status">
            {found === 0 ? 'none' : `${found.toLocaleString('en')} found`}
          </span>
        )}
        <select
          aria-label="Export"
          className={`${styles.select} ${styles.export}`}
          value=""
          onChange={(event) => onExport(event.target.value as 'svg')}
        >
          <option value="">Export</option>
          <option value="svg">SVG picture</option>
          <option value="png">PNG picture</option>
          <option value="mermaid">Mermaid text</option>
          <option value="copy">Copy Mermaid text</option>
        </select>
      </div>
      <div className={styles.tool}>
        {hasObject && (
          <label className={styles.depth}>
            Steps
            <input
              type="range"
              min={1}
              max={6}
              value={shown.depth}
              onChange={(event) => onChange({ depth: Number(event.target.value) })}
            />
            {shown.depth}
          </label>
        )}
        <select
          aria-label="Kind"
          className={styles.select}
          value={shown.kinds[0] ?? ''}
          onChange={(event) => onChange({ kinds: event.target.value === '' ? [] : [event.target.value] })}
        >
          <option value="">Every kind</option>
          {shown.kinds[0] !== undefined && !batch?.kinds.some(({ id }) => id === shown.kinds[0]) && (
            <option>{shown.kinds[0]}</option>
          )}
          {batch?.kinds.map(({ id, count }) => (
            <option key={id} value={id}>
              {id.slice(0, id.indexOf('.'))} ({count.toLocaleString('en')})
            </option>
          ))}
        </select>
        {groups.length > 1 && (
          <select
            aria-label="Group by"
            className={styles.select}
            value={shown.groupBy}
            onChange={(event) => onChange({ groupBy: event.target.value as GroupBy })}
          >
            {groups.map((group) => (
              <option key={group} value={group}>
                By {groupTitles[group]}
              </option>
            ))}
          </select>
        )}
        {shown.view !== 'overview' && (
          <Button
            look="quiet"
            aria-pressed={shown.expandAll}
            onClick={() => onChange({ expandAll: !shown.expandAll })}
          >
            {shown.expandAll ? 'Collapse' : 'Expand all'}
          </Button>
        )}
        <span className={styles.tones} role="group" aria-label="Show only">
          {toneTitles.map(([tone, word]) => {
            const count = batch?.tones[tone] ?? 0;
            if (tone === 'none' || (count === 0 && !shown.tones.includes(tone))) return null;
            const on = shown.tones.includes(tone);
            return (
              <button
                key={tone}
                type="button"
                className={styles.tone}
                aria-pressed={on}
                aria-label={`${count} ${word}`}
                data-tip={`Show only ${word}`}
                onClick={() =>
                  onChange({ tones: on ? shown.tones.filter((one) => one !== tone) : [...shown.tones, tone] })
                }
              >
                <StatusMark tone={tone} /> {count.toLocaleString('en')}
              </button>
            );
          })}
        </span>
        {canObserve(shown.view) && (
          <>
            <Button
              look="quiet"
              aria-pressed={shown.observed}
              data-tip="Rates and errors as a mesh or Hubble measured them, from Prometheus"
              onClick={() => onChange({ observed: !shown.observed })}
            >
              Observed traffic
            </Button>
            {shown.observed && (
              <span className={styles.layer} role="status" aria-label="Observed traffic" data-tip={layer}>
                {layer}
              </span>
            )}
          </>
        )}
      </div>
    </div>
  );
}
