/** What a person may set for the whole app: looks, kubeconfig files, idle clusters. */
import { useState, type ReactNode } from 'react';
import { kubeconfig } from '#shared/contract/kubeconfig';
import { toAppError, type AppError } from '#shared/util/app-error';
import { visible } from '#shared/util/text';
import { patchSettings, useAppData, useSettings } from '../../data/app-data';
import { MOST_IMAGES, USUAL_IMAGE } from '../../data/debug-images';
import { hibernateChoices } from '../../data/hibernate';
import { addKubeconfig } from '../../data/kubeconfig';
import { COPY_ON_SELECT } from '../../data/open-terminals';
import { useWorkbench } from '../../data/workbench';
import { Button } from '../../ui/Button';
import { Choice } from '../../ui/Choice';
import { ErrorState } from '../../ui/ErrorState';
import { TextField } from '../../ui/TextField';
import { About } from './About';
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

const copyChoices = [
  { value: 'on-demand', label: 'On Ctrl+Shift+C' },
  { value: 'at-once', label: 'At once' },
] as const;

export function SettingsPage(): ReactNode {
  const settings = useSettings();
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
      <section aria-label="Terminals">
        <h2 className={styles.head}>Terminals</h2>
        <div className={styles.line}>
          <span className={styles.label}>Copy what is marked</span>
          <Choice
            label="Copy what is marked"
            options={copyChoices}
            value={settings.layout[COPY_ON_SELECT] === true ? 'at-once' : 'on-demand'}
            onChange={(value) => patchSettings({ layout: { [COPY_ON_SELECT]: value === 'at-once' } })}
          />
        </div>
        <div className={styles.line}>
          <span className={styles.label}>Debug image</span>
          <DebugImage />
        </div>
        <p className={styles.note}>The image debug containers are made from until another one is chosen.</p>
      </section>
      <Kubeconfigs />
      <section aria-label="Contexts">
        <h2 className={styles.head}>Contexts</h2>
        <p className={styles.note}>
          Name, colour, group, protection and more of each context are set on the Clusters page: right-click a
          cluster there, or its tile in the rail.
        </p>
        <div className={styles.line}>
          <label htmlFor="hibernate">Disconnect clusters nobody looks at</label>
          <select
            id="hibernate"
            className={styles.select}
            value={String(settings.hibernateAfter)}
            onChange={(event) => patchSettings({ hibernateAfter: Number(event.target.value) })}
          >
            {hibernateChoices.map(({ value, label }) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </select>
        </div>
        <p className={styles.note}>
          Never the one on screen, and none with a panel open in its dock. Showing it connects it again.
        </p>
        <Button onClick={() => useWorkbench.getState().showAppPage('clusters')}>Go to clusters</Button>
      </section>
      <section aria-label="Tables">
        <h2 className={styles.head}>Tables</h2>
        <label className={styles.line}>
          <input
            type="checkbox"
            checked={settings.keepRows}
            onChange={(event) => patchSettings({ keepRows: event.target.checked })}
          />
          Show the rows of last time while a cluster is read anew
        </label>
        <p className={styles.note}>
          They are kept on this machine for 14 days, encrypted with a key of the system’s key store, never
          Secrets. Without a key store nothing is kept. Turning this off removes them.
        </p>
      </section>
      <About />
    </div>
  );
}

/** Kept when the field is left, so that half a name is never used. */
function DebugImage(): ReactNode {
  const images = useSettings().debugImages ?? [];
  const [text, setText] = useState<string>();
  const keep = (): void => {
    const image = text?.trim();
    setText(undefined);
    if (image === undefined || image === images[0]) return;
    const rest = images.filter((one) => one !== image);
    patchSettings({ debugImages: image === '' ? rest.slice(1) : [image, ...rest].slice(0, MOST_IMAGES) });
  };
  return (
    <TextField
      label="Debug image"
      hideLabel
      mono
      placeholder={USUAL_IMAGE}
      value={text ?? images[0] ?? ''}
      onChange={(event) => setText(event.target.value)}
      onBlur={keep}
      onKeyDown={(event) => event.key === 'Enter' && keep()}
    />
  );
}

function Kubeconfigs(): ReactNode {
  const files = useAppData((state) => state.contexts?.files) ?? [];
  const added = useSettings().kubeconfigs;
  const client = useAppData((state) => state.client);
  const [error, setError] = useState<AppError>();
  const add = (): void => {
    setError(undefined);
    addKubeconfig().catch((thrown: unknown) => setError(toAppError(thrown)));
  };
  const unfollow = (path: string): void => {
    setError(undefined);
    client?.call(kubeconfig, 'unfollow', { path }).catch((thrown: unknown) => setError(toAppError(thrown)));
  };
  // A folder is one line of its own: it is what was added.
  const folders = added.filter((path) => !files.some((file) => file.path === path));
  return (
    <section aria-label="Kubeconfigs">
      <h2 className={styles.head}>Kubeconfigs</h2>
      {folders.map((path) => (
        <div key={path} className={styles.file}>
          <span className={styles.path}>{visible(path)}</span>
          <span className="muted">folder</span>
          <Button look="quiet" aria-label={`Stop reading ${path}`} onClick={() => unfollow(path)}>
            Stop reading
          </Button>
        </div>
      ))}
      {files.length === 0 && <p className={styles.note}>No file is read.</p>}
      {files.map((file) => (
        <div key={file.path} className={styles.file}>
          <span className={styles.path}>{visible(file.path)}</span>
          <span className={file.state === 'ok' ? 'muted' : styles.bad}>
            {file.state === 'ok' ? 'read' : (file.error?.message ?? file.state)}
          </span>
          {added.includes(file.path) && (
            <Button look="quiet" aria-label={`Stop reading ${file.path}`} onClick={() => unfollow(file.path)}>
              Stop reading
            </Button>
          )}
        </div>
      ))}
      {error && <ErrorState title="It could not be done" error={error} />}
      <Button onClick={add}>Add a kubeconfig</Button>
    </section>
  );
}
