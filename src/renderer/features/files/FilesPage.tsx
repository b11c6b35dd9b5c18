/** Browses a container's file system; opens text, downloads, uploads, takes dropped files. */
import { IconArrowUp, IconDownload, IconRefresh, IconUpload } from '@tabler/icons-react';
import { useCallback, useEffect, useState, type ReactNode } from 'react';
import {
  files,
  localFiles,
  type LocalGrant,
  type RemoteEntry,
  type RemoteListing,
} from '#shared/contract/files';
import { shell, type ShellContainer } from '#shared/contract/shell';
import { isCancelled, toAppError, type AppError } from '#shared/util/app-error';
import { plural, visible } from '#shared/util/text';
import { useApp, useCluster, useClusterId } from '../../data/connections';
import { confirmChange } from '../../data/confirm';
import { takeDrops } from '../../data/dropped-files';
import type { PageProps } from '../../data/feature';
import { Button, IconButton } from '../../ui/Button';
import { ErrorState } from '../../ui/ErrorState';
import { TextField } from '../../ui/TextField';
import { EntryTable } from './EntryTable';
import styles from './files.module.css';
import { TextView } from './TextView';
import { TransferList } from './TransferList';
import { placeKey, startTransfer } from './transfers';
import { cleanPath, join, parent } from './words';

const none: ReadonlySet<string> = new Set();

export function FilesPage({ tab, visible: shown }: PageProps): ReactNode {
  const clusterId = useClusterId();
  const client = useCluster();
  const app = useApp();
  const { namespace = '', pod = '' } = tab.params;
  const [containers, setContainers] = useState<readonly ShellContainer[]>([]);
  const [container, setContainer] = useState<string>();
  const [path, setPath] = useState('/');
  const [typed, setTyped] = useState('/');
  const [listing, setListing] = useState<RemoteListing>();
  const [error, setError] = useState<AppError>();
  const [busy, setBusy] = useState(false);
  const [version, setVersion] = useState(0);
  const [chosen, setChosen] = useState(none);
  const [viewed, setViewed] = useState<string>();
  const again = useCallback(() => setVersion((before) => before + 1), []);

  useEffect(() => {
    const abort = new AbortController();
    client?.call(shell, 'containers', { namespace, pod }, abort.signal).then(
      (all) => {
        setContainers(all);
        setContainer((before) => before ?? (all.find((one) => one.default) ?? all[0])?.name);
      },
      (thrown: unknown) => {
        if (!isCancelled(thrown)) setError(toAppError(thrown));
      },
    );
    return () => abort.abort();
  }, [client, namespace, pod]);

  useEffect(() => {
    if (!client || container === undefined) return undefined;
    const abort = new AbortController();
    setBusy(true);
    client.call(files, 'list', { namespace, pod, container, path }, abort.signal).then(
      (found) => {
        setListing(found);
        setError(undefined);
        setBusy(false);
      },
      (thrown: unknown) => {
        if (isCancelled(thrown)) return;
        setError(toAppError(thrown));
        setBusy(false);
      },
    );
    return () => abort.abort();
  }, [client, namespace, pod, container, path, version]);

  const go = (next: string): void => {
    const clean = cleanPath(next);
    setPath(clean);
    setTyped(clean);
    setChosen(none);
    setViewed(undefined);
  };
  const open = (entry: RemoteEntry): void => {
    if (entry.type === 'directory' || entry.opens) go(join(path, entry.name));
    else setViewed(join(path, entry.name));
  };

  const download = async (names: readonly string[]): Promise<void> => {
    if (!app || !client || container === undefined || names.length === 0) return;
    const grant = await ask(() =>
      app.call(localFiles, 'choose', { contextId: clusterId, what: 'folder-to-write' }),
    );
    if (!grant) return;
    const title =
      names.length === 1 ? `Download ${join(path, names[0] ?? '')}` : `Download ${names.length} from ${path}`;
    const place = { namespace, pod, container, directory: path };
    startTransfer(
      client,
      clusterId,
      title,
      { type: 'download', place, names, grant: grant.grant },
      () => undefined,
    );
  };
  const upload = async (given: () => Promise<LocalGrant | null>): Promise<void> => {
    if (!client || container === undefined) return;
    const grant = await ask(given);
    if (!grant) return;
    const names = grant.paths.map((one) => one.split(/[/\\]/).pop() ?? one);
    const present = names.filter((name) => listing?.entries.some((entry) => entry.name === name));
    const what =
      names.length === 1 ? (names[0] ?? '') : plural(names.length, 'file or folder', 'files and folders');
    const yes = await confirmChange({
      clusterId,
      title: `Upload ${visible(what)} to ${path} in ${container} of ${pod}?`,
      body:
        present.length === 0
          ? 'The files are kept until the container is replaced, unless the folder is on a volume.'
          : `Already there and overwritten: ${present.slice(0, 5).map(visible).join(', ')}${present.length > 5 ? ', …' : ''}.`,
      verb: 'Upload',
      danger: present.length > 0,
    });
    if (!yes) return;
    const place = { namespace, pod, container, directory: path };
    startTransfer(
      client,
      clusterId,
      `Upload ${what} to ${path}`,
      { type: 'upload', place, grant: grant.grant },
      again,
    );
  };
  const ask = async (given: () => Promise<LocalGrant | null>): Promise<LocalGrant | null> => {
    try {
      return await given();
    } catch (thrown) {
      setError(toAppError(thrown));
      return null;
    }
  };
  const choose = (what: 'files-to-read' | 'folder-to-read'): void => {
    if (app) void upload(() => app.call(localFiles, 'choose', { contextId: clusterId, what }));
  };

  useEffect(() => {
    if (!shown || !app) return undefined;
    return takeDrops((paths) => {
      void upload(() => app.call(localFiles, 'dropped', { contextId: clusterId, paths: [...paths] }));
    });
  });

  const selected = [...chosen];
  return (
    <div className={styles.page}>
      <div className={styles.tool}>
        <select
          aria-label="Container"
          className={styles.select}
          value={container ?? ''}
          onChange={(event) => {
            setContainer(event.target.value);
            setListing(undefined);
            go('/');
          }}
        >
          {containers.map((one) => (
            <option key={one.name} value={one.name}>
              {visible(one.name)}
              {one.type === 'container' ? '' : ` (${one.type})`}
              {one.running ? '' : ', not running'}
            </option>
          ))}
        </select>
        <IconButton label="Folder above" disabled={path === '/'} onClick={() => go(parent(path))}>
          <IconArrowUp />
        </IconButton>
        <form
          className={styles.path}
          onSubmit={(event) => {
            event.preventDefault();
            go(typed);
          }}
        >
          <TextField
            hideLabel
            mono
            label="Path"
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
          />
        </form>
        <IconButton label="Read again" onClick={again}>
          <IconRefresh />
        </IconButton>
        <span className={styles.grow} />
        <Button disabled={selected.length === 0} onClick={() => void download(selected)}>
          <IconDownload size={14} /> {selected.length > 1 ? `Download ${selected.length}` : 'Download'}
        </Button>
        <Button disabled={container === undefined} onClick={() => choose('files-to-read')}>
          <IconUpload size={14} /> Upload files
        </Button>
        <Button disabled={container === undefined} onClick={() => choose('folder-to-read')}>
          Upload folder
        </Button>
      </div>
      <div className={styles.body}>
        {error ? (
          <ErrorState title={`${path} cannot be shown`} error={error} onRetry={again}>
            {path !== '/' && <Button onClick={() => go(parent(path))}>Folder above</Button>}
          </ErrorState>
        ) : (
          <EntryTable
            listing={listing?.path === path ? listing : undefined}
            busy={busy}
            chosen={chosen}
            onChoose={setChosen}
            onOpen={open}
            onUp={() => go(parent(path))}
          />
        )}
        {viewed !== undefined && container !== undefined && (
          <TextView
            key={viewed}
            namespace={namespace}
            pod={pod}
            container={container}
            path={viewed}
            onClose={() => setViewed(undefined)}
          />
        )}
      </div>
      {container !== undefined && <TransferList at={placeKey(clusterId, { namespace, pod, container })} />}
    </div>
  );
}
