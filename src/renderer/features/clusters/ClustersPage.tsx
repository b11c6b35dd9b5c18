/**
 * Every context of every kubeconfig: what it is, where it comes from, what is wrong with it; and the
 * way in for more. Kubeconfigs are added by dialog, by dropping files on the window, by pasting.
 */
import { IconX } from '@tabler/icons-react';
import { useEffect, useMemo, useState, type ReactNode } from 'react';
import type { KubeconfigFile } from '#shared/contract/app';
import { toAppError, type AppError } from '#shared/util/app-error';
import { plural, visible } from '#shared/util/text';
import { useAppData, useSettings } from '../../data/app-data';
import { openDemo } from '../../data/session';
import { Button, IconButton } from '../../ui/Button';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorState } from '../../ui/ErrorState';
import { TextField } from '../../ui/TextField';
import { AddDialog } from './AddDialog';
import { choosePath } from './calls';
import { ClusterList } from './ClusterList';
import { ContextSettingsDialog } from './ContextSettingsDialog';
import { openAdd, setNotice, useClusterDialogs } from '../../data/cluster-dialogs';
import { EntryDialog } from './EntryDialog';
import { listRows } from './list-model';
import { RemoveDialog } from './RemoveDialog';
import styles from './clusters.module.css';

export function ClustersPage(): ReactNode {
  const contexts = useAppData((state) => state.contexts);
  const own = useSettings().contexts;
  const notice = useClusterDialogs((state) => state.notice);
  const [text, setText] = useState('');
  const [withHidden, setWithHidden] = useState(false);
  const [error, setError] = useState<AppError>();
  usePaste();
  const list = contexts?.contexts;
  const model = useMemo(() => listRows(list ?? [], own, text, withHidden), [list, own, text, withHidden]);
  if (!contexts) return null;
  const choose = (what: 'file' | 'folder') => (): void => {
    setError(undefined);
    choosePath(what).then(
      (path) => path !== null && openAdd({ path }),
      (thrown: unknown) => setError(toAppError(thrown)),
    );
  };
  return (
    <div className={styles.page}>
      <div className={styles.tools}>
        <TextField
          label="Filter clusters"
          hideLabel
          placeholder="Filter clusters"
          className={styles.filter}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <span className="muted tabular">{plural(model.shown, 'context')}</span>
        {(model.hidden > 0 || withHidden) && (
          <Button look="quiet" aria-pressed={withHidden} onClick={() => setWithHidden(!withHidden)}>
            {withHidden ? 'Leave out hidden ones' : `Show ${model.hidden} hidden`}
          </Button>
        )}
        <span className={styles.space} />
        <Button onClick={choose('file')}>Add file…</Button>
        <Button onClick={choose('folder')}>Add folder…</Button>
        <Button onClick={() => openAdd('paste')}>Paste…</Button>
        <Button onClick={() => void openDemo()}>Open the demo cluster</Button>
      </div>
      {notice !== null && (
        <div className={styles.notice} role="status" aria-label="Result">
          <span>{notice}</span>
          <IconButton label="Dismiss" onClick={() => setNotice(null)}>
            <IconX />
          </IconButton>
        </div>
      )}
      {error && <ErrorState title="The dialog could not be opened" error={error} />}
      <Problems files={contexts.files} />
      <ClusterList rows={model.rows} total={model.shown} />
      {model.shown === 0 && (
        <EmptyState>
          {contexts.contexts.length === 0
            ? 'No context is known. Add a kubeconfig, or set KUBECONFIG before you start the app.'
            : text.trim() === ''
              ? 'All contexts are hidden.'
              : `No context matches “${visible(text)}”.`}
        </EmptyState>
      )}
      <Dialogs />
    </div>
  );
}

function Dialogs(): ReactNode {
  const { context, add } = useClusterDialogs();
  const first = add?.queue[0];
  if (first !== undefined) return <AddDialog key={JSON.stringify(first)} source={first} />;
  if (!context) return null;
  const { kind, contextId } = context;
  if (kind === 'settings') return <ContextSettingsDialog key={contextId} contextId={contextId} />;
  if (kind === 'entry') return <EntryDialog key={contextId} contextId={contextId} />;
  return <RemoveDialog key={contextId} contextId={contextId} />;
}

/** What is wrong in the files, each with its line; the contexts that work are not affected. */
function Problems({ files }: { readonly files: readonly KubeconfigFile[] }): ReactNode {
  const bad = files.filter((file) => file.state !== 'ok' || (file.problems?.length ?? 0) > 0);
  if (bad.length === 0) return null;
  const count = bad.reduce((sum, file) => sum + Math.max(1, file.problems?.length ?? 0), 0);
  return (
    <details className={styles.problems} open={count <= 4}>
      <summary>
        {plural(count, 'problem')} in {plural(bad.length, 'kubeconfig')}; all other contexts work
      </summary>
      <ul>
        {bad.flatMap((file) =>
          (file.problems?.length ? file.problems : file.error ? [file.error] : [missing(file)]).map(
            (problem, at) => (
              <li key={`${file.path} ${at}`}>
                {visible(problem.message)}
                {file.state === 'bad' && at === 0 && file.error?.hint !== undefined && ` ${file.error.hint}`}
              </li>
            ),
          ),
        )}
      </ul>
    </details>
  );
}

function missing(file: KubeconfigFile): AppError {
  return {
    code: 'kubeconfig',
    message: `${file.path} is ${file.state === 'missing' ? 'missing' : 'unreadable'}.`,
  };
}

/** A kubeconfig pasted while no field has the keyboard. */
function usePaste(): void {
  useEffect(() => {
    const onPaste = (event: ClipboardEvent): void => {
      const { target } = event;
      if (target instanceof HTMLElement && target.closest('input, textarea, [contenteditable=true], dialog'))
        return;
      const text = event.clipboardData?.getData('text/plain') ?? '';
      if (!/^\s*["']?(?:contexts|clusters)["']?\s*:/m.test(text)) return;
      event.preventDefault();
      openAdd({ text });
    };
    document.addEventListener('paste', onPaste);
    return () => document.removeEventListener('paste', onPaste);
  }, []);
}
