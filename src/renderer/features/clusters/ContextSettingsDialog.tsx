/** What this app keeps of a context beside its kubeconfig: name, group, sign-in, guards, idle time. */
import { useId, useState, type ReactNode } from 'react';
import { visible } from '#shared/util/text';
import { patchContextSettings, useAppData, useSettings } from '../../data/app-data';
import { contextTitle } from '../../data/context-title';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { TextField } from '../../ui/TextField';
import { closeContextDialog } from '../../data/cluster-dialogs';
import { hibernateChoices } from '../../data/hibernate';
import styles from './clusters.module.css';

export function ContextSettingsDialog({ contextId }: { readonly contextId: string }): ReactNode {
  const context = useAppData((state) => state.contextById.get(contextId));
  const settings = useSettings();
  const own = settings.contexts[contextId];
  const [alias, setAlias] = useState(own?.alias ?? '');
  const [group, setGroup] = useState(own?.group ?? '');
  const [login, setLogin] = useState(own?.loginCommand ?? '');
  const [idle, setIdle] = useState(own?.hibernateAfter === undefined ? '' : String(own.hibernateAfter));
  const [isProtected, setProtected] = useState(own?.protected === true);
  const [isReadOnly, setReadOnly] = useState(own?.readOnly === true);
  const lists = useId();
  if (!context) return null;
  const groups = [...new Set(Object.values(settings.contexts).flatMap((one) => one.group ?? []))].sort();
  const close = (): void => closeContextDialog();
  const save = (): void => {
    const text = (value: string): string | null => (value.trim() === '' ? null : value.trim());
    patchContextSettings(contextId, {
      alias: text(alias),
      group: text(group),
      loginCommand: text(login),
      hibernateAfter: idle === '' ? null : Number(idle),
      protected: isProtected || null,
      readOnly: isReadOnly || null,
      // A place of another group means nothing here.
      ...(text(group) === (own?.group ?? null) ? {} : { order: null }),
    });
    close();
  };
  return (
    <Dialog
      label={contextTitle(context, own?.alias).title}
      onClose={close}
      actions={
        <>
          <Button onClick={close}>Cancel</Button>
          <Button look="primary" onClick={save}>
            Save
          </Button>
        </>
      }
    >
      <form
        className={styles.fields}
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <p className={styles.text}>Only for this app; no kubeconfig is changed.</p>
        <TextField
          label="Name in this app"
          placeholder={visible(contextTitle(context).title)}
          maxLength={80}
          value={alias}
          onChange={(event) => setAlias(event.target.value)}
        />
        <TextField
          label="Group"
          placeholder="none"
          list={lists}
          maxLength={80}
          value={group}
          onChange={(event) => setGroup(event.target.value)}
        />
        <datalist id={lists}>
          {groups.map((one) => (
            <option key={one} value={one} />
          ))}
        </datalist>
        <TextField
          label="Sign-in command, run in a terminal when you sign in again"
          placeholder="aws sso login --profile prod"
          mono
          maxLength={4096}
          value={login}
          onChange={(event) => setLogin(event.target.value)}
        />
        <label className={styles.check}>
          <span>Disconnect when nobody looks at it</span>
          <select className={styles.select} value={idle} onChange={(event) => setIdle(event.target.value)}>
            <option value="">as in Settings</option>
            {hibernateChoices.map(({ value, label }) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </select>
        </label>
        <label className={styles.check}>
          <input
            type="checkbox"
            checked={isProtected}
            onChange={(event) => setProtected(event.target.checked)}
          />
          <span>
            Protected: <span className="muted">its name must be typed before anything in it is changed</span>
          </span>
        </label>
        <label className={styles.check}>
          <input
            type="checkbox"
            checked={isReadOnly}
            onChange={(event) => setReadOnly(event.target.checked)}
          />
          <span>
            Read-only:{' '}
            <span className="muted">
              nothing that changes it leaves Binnacle, shells and forwards included
            </span>
          </span>
        </label>
        <button type="submit" hidden />
      </form>
    </Dialog>
  );
}
