/** What a person may set: looks, kubeconfig files, and name, colour and protection of each context. */
import { Suspense, useState, type ReactNode } from 'react';
import type { ContextSummary } from '#shared/contract/app';
import { toAppError, type AppError } from '#shared/util/app-error';
import { visible } from '#shared/util/text';
import { patchContextSettings, patchSettings, useAppData, useSettings } from '../../data/app-data';
import { contextTitle } from '../../data/context-title';
import { addKubeconfig } from '../../data/kubeconfig';
import { Button } from '../../ui/Button';
import { Choice } from '../../ui/Choice';
import { ErrorState } from '../../ui/ErrorState';
import { TextField } from '../../ui/TextField';
import { clusterColor, clusterColors, clusterColorValue } from '../../ui/theme/cluster-color';
import { About } from './About';
import { cssVars } from '../../ui/css-vars';
import styles from './settings.module.css';

const themes = [
  { value: 'system', label: 'System' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
] as const;
const densities = [
  { value: 'compact', label: 'Compact' },
  { value: 'normal', label: 'Normal' },
  { value: 'relaxed', label: 'Relaxed' },
] as const;

export function SettingsPage(): ReactNode {
  const settings = useSettings();
  const contexts = useAppData((state) => state.contexts);
  const settingsError = useAppData((state) => state.settingsError);
  return (
    <div className={styles.page}>
      {settingsError && <ErrorState title="The last change was not kept" error={settingsError} />}
      <section aria-label="Looks">
        <h2 className={styles.head}>Looks</h2>
        <div className={styles.line}>
          <span className={styles.label}>Theme</span>
          <Choice
            label="Theme"
            options={themes}
            value={settings.theme}
            onChange={(theme) => patchSettings({ theme })}
          />
        </div>
        <div className={styles.line}>
          <span className={styles.label}>Row height</span>
          <Choice
            label="Row height"
            options={densities}
            value={settings.density}
            onChange={(density) => patchSettings({ density })}
          />
        </div>
      </section>
      <Kubeconfigs />
      <section aria-label="Contexts">
        <h2 className={styles.head}>Contexts</h2>
        <p className={styles.note}>
          Name and colour are only for this app; no kubeconfig is changed. A protected cluster needs its name
          typed before anything in it is changed.
        </p>
        {contexts?.contexts.map((context) => (
          <ContextLine key={context.id} context={context} />
        ))}
      </section>
      <Suspense>
        <About />
      </Suspense>
    </div>
  );
}

function Kubeconfigs(): ReactNode {
  const files = useAppData((state) => state.contexts?.files) ?? [];
  const added = useSettings().kubeconfigs;
  const [error, setError] = useState<AppError>();
  const add = (): void => {
    setError(undefined);
    addKubeconfig().catch((thrown: unknown) => setError(toAppError(thrown)));
  };
  return (
    <section aria-label="Kubeconfigs">
      <h2 className={styles.head}>Kubeconfigs</h2>
      {files.length === 0 && <p className={styles.note}>No file is read.</p>}
      {files.map((file) => (
        <div key={file.path} className={styles.file}>
          <span className={styles.path}>{visible(file.path)}</span>
          <span className={file.state === 'ok' ? 'muted' : styles.bad}>
            {file.state === 'ok' ? 'read' : (file.error?.message ?? file.state)}
          </span>
          {added.includes(file.path) && (
            <Button
              look="quiet"
              aria-label={`Remove ${file.path}`}
              onClick={() => patchSettings({ kubeconfigs: added.filter((path) => path !== file.path) })}
            >
              Remove
            </Button>
          )}
        </div>
      ))}
      {error && <ErrorState title="The file could not be added" error={error} />}
      <Button onClick={add}>Add a kubeconfig</Button>
    </section>
  );
}

function ContextLine({ context }: { readonly context: ContextSummary }): ReactNode {
  const own = useSettings().contexts[context.id];
  const [alias, setAlias] = useState(own?.alias ?? '');
  const color = clusterColor(context.name, own?.color);
  const { title } = contextTitle(context, own?.alias);
  const keep = (): void => {
    const next = alias.trim();
    if (next !== (own?.alias ?? '')) patchContextSettings(context.id, { alias: next === '' ? null : next });
  };
  return (
    <div className={styles.context}>
      <span className={styles.path} data-tip={visible(context.server)}>
        {visible(context.name)}
      </span>
      <TextField
        label={`Name of ${context.name} in this app`}
        hideLabel
        placeholder={title}
        maxLength={80}
        value={alias}
        onChange={(event) => setAlias(event.target.value)}
        onBlur={keep}
        onKeyDown={(event) => event.key === 'Enter' && keep()}
      />
      <div className={styles.colors} role="radiogroup" aria-label={`Colour of ${title}`}>
        {clusterColors.map((each) => (
          <button
            key={each}
            type="button"
            role="radio"
            aria-checked={each === color}
            aria-label={each}
            data-tip={each}
            className={styles.color}
            style={cssVars({ '--c': clusterColorValue(each) })}
            onClick={() => patchContextSettings(context.id, { color: each })}
          />
        ))}
      </div>
      <label className={styles.check}>
        <input
          type="checkbox"
          checked={own?.protected === true}
          onChange={(event) => patchContextSettings(context.id, { protected: event.target.checked || null })}
        />
        Protected
      </label>
    </div>
  );
}
