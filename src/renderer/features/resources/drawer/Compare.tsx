/**
 * The object beside another one (of this or another open cluster), a revision of its own, or a
 * file. A file is compared as the server would apply it (dry run), so that defaults are no
 * differences; where that is refused, as plain text, and why is said.
 */
import { useQuery } from '@tanstack/react-query';
import { useRef, useState, type ReactNode } from 'react';
import { MOST_TEXT, objects } from '#shared/contract/objects';
import { resources } from '#shared/contract/resources';
import { str } from '#shared/k8s/read';
import type { RpcClient } from '#shared/rpc/client';
import { fail, isCancelled, toAppError, type AppError } from '#shared/util/app-error';
import { visible } from '#shared/util/text';
import { useAppData } from '../../../data/app-data';
import { useClusterId, useConnections } from '../../../data/connections';
import { Button } from '../../../ui/Button';
import { Choice } from '../../../ui/Choice';
import { DiffView } from '../../../ui/code/DiffView';
import { ErrorState } from '../../../ui/ErrorState';
import own from './changes.module.css';
import { plainText, templateText } from './diff-text';
import styles from './drawer.module.css';
import type { DetailProps } from './tabs';

type With = 'object' | 'revision' | 'file';

export function Compare(props: DetailProps): ReactNode {
  const revisions = (props.around.revisions ?? []).length > 0;
  const [chosen, setChosen] = useState<With>(revisions ? 'revision' : 'object');
  const options: readonly { value: With; label: string }[] = [
    ...(revisions ? [{ value: 'revision' as const, label: 'A revision' }] : []),
    { value: 'object', label: 'Another object' },
    { value: 'file', label: 'A file' },
  ];
  return (
    <>
      <div className={own.toolRow}>
        <Choice label="Compare with" options={options} value={chosen} onChange={setChosen} />
      </div>
      {chosen === 'revision' && <WithRevision {...props} />}
      {chosen === 'object' && <WithObject {...props} />}
      {chosen === 'file' && <WithFile {...props} />}
    </>
  );
}

function Difference({
  before,
  after,
  words,
  label,
}: {
  readonly before: string;
  readonly after: string;
  readonly words: string;
  readonly label: string;
}): ReactNode {
  return (
    <>
      <p className={own.words} role="status">
        {before === after ? 'No difference. ' : ''}
        {words}
      </p>
      <DiffView before={before} after={after} label={label} mode="unified" />
    </>
  );
}

function WithRevision({ client, reference, object, around }: DetailProps): ReactNode {
  const clusterId = useClusterId();
  const list = around.revisions ?? [];
  const [chosen, setChosen] = useState<string | undefined>(undefined);
  const one = list.find(({ name }) => name === chosen) ?? list.find(({ current }) => !current) ?? list[0];
  const asked = one && { kind: one.kind, namespace: reference.namespace, name: one.name };
  const { data, error } = useQuery({
    queryKey: ['revision', clusterId, asked],
    enabled: client !== undefined && asked !== undefined,
    gcTime: 0,
    retry: false,
    queryFn: ({ signal }) => {
      if (!client || !asked) throw fail('closed', 'The cluster is not connected.');
      return client.call(resources, 'yaml', { ...asked, managedFields: false }, signal);
    },
  });
  return (
    <>
      <div className={own.toolRow}>
        <select
          aria-label="Revision"
          value={one?.name ?? ''}
          onChange={(event) => setChosen(event.target.value)}
        >
          {list.map(({ name, number, current, images, cause }) => (
            <option key={name} value={name}>
              {visible(
                [`Revision ${number}${current ? ' (now)' : ''}`, images.join(', '), cause]
                  .filter(Boolean)
                  .join(', '),
              )}
            </option>
          ))}
        </select>
      </div>
      {error && <ErrorState title="The revision cannot be read" error={toAppError(error)} />}
      {data && one && (
        <Difference
          before={templateText(data.text)}
          after={templateText(object)}
          words={`Pod template. − revision ${one.number}, + now.`}
          label={`Revision ${one.number} and now`}
        />
      )}
    </>
  );
}

function WithObject({ client, reference, object }: DetailProps): ReactNode {
  const here = useClusterId();
  const connections = useConnections();
  const contexts = useAppData((state) => state.contextById);
  const all = [...contexts.values()];
  const [target, setTarget] = useState({ cluster: here, namespace: reference.namespace, name: '' });
  // In another cluster the same name is what one looks for.
  const asked = target.name.trim() || (target.cluster === here ? '' : reference.name);
  const { data, error } = useQuery({
    queryKey: ['compare', target.cluster, reference.kind, target.namespace, asked],
    enabled: client !== undefined && asked !== '',
    gcTime: 0,
    retry: false,
    queryFn: ({ signal }) => {
      const other = connections.cluster(target.cluster);
      if (!other) throw fail('closed', 'That cluster is not connected.');
      const { kind } = reference;
      return other.call(
        resources,
        'yaml',
        { kind, namespace: target.namespace, name: asked, managedFields: false },
        signal,
      );
    },
  });
  return (
    <>
      <form
        className={own.toolRow}
        aria-label="Object to compare with"
        onSubmit={(event) => event.preventDefault()}
      >
        <select
          aria-label="Cluster"
          value={target.cluster}
          onChange={(event) => setTarget({ ...target, cluster: event.target.value })}
        >
          {all.map((one) => {
            const isOpen = connections.cluster(one.id) !== undefined;
            return (
              <option key={one.id} value={one.id} disabled={!isOpen}>
                {visible(one.name)}
                {isOpen ? '' : ' (open it first)'}
              </option>
            );
          })}
        </select>
        {reference.namespace !== '' && (
          <input
            aria-label="Namespace"
            value={target.namespace}
            onChange={(event) => setTarget({ ...target, namespace: event.target.value })}
          />
        )}
        <input
          aria-label="Name"
          placeholder={target.cluster === here ? 'name' : reference.name}
          value={target.name}
          onChange={(event) => setTarget({ ...target, name: event.target.value })}
        />
      </form>
      {error && <ErrorState title="The other object cannot be read" error={toAppError(error)} />}
      {data && (
        <Difference
          before={plainText(object)}
          after={plainText(data.text)}
          words={`− ${visible(reference.name)}, + ${visible(asked)}.`}
          label={`${reference.name} and ${asked}`}
        />
      )}
    </>
  );
}

interface FileDifference {
  readonly before: string;
  readonly after: string;
  readonly words: string;
}

function WithFile({ client, reference, object }: DetailProps): ReactNode {
  const input = useRef<HTMLInputElement>(null);
  const [found, setFound] = useState<FileDifference | undefined>(undefined);
  const [error, setError] = useState<AppError | undefined>(undefined);
  const take = async (file: File): Promise<void> => {
    setFound(undefined);
    setError(undefined);
    try {
      if (!client) throw fail('closed', 'The cluster is not connected.');
      if (file.size > MOST_TEXT) throw fail('too-large', 'Files up to 5 MiB are compared.');
      const text = (await file.text()).replace(/^\uFEFF/, '');
      setFound(
        await ofFile(client, text, file.name, { ...reference, kindName: str(object['kind']) }, object),
      );
    } catch (thrown) {
      if (!isCancelled(thrown)) setError(toAppError(thrown));
    }
  };
  return (
    <>
      <div className={own.toolRow}>
        <Button onClick={() => input.current?.click()}>Choose a file…</Button>
        <input
          ref={input}
          type="file"
          hidden
          accept=".yaml,.yml,.json"
          aria-label="File to compare with"
          onChange={(event) => {
            const [file] = event.target.files ?? [];
            if (file) void take(file);
            event.target.value = '';
          }}
        />
        {!found && !error && (
          <span className={styles.muted}>YAML or JSON that holds this object. Nothing is written.</span>
        )}
      </div>
      {error && <ErrorState title="The file cannot be compared" error={error} />}
      {found && <Difference {...found} label={`${reference.name} and the file`} />}
    </>
  );
}

async function ofFile(
  client: RpcClient,
  text: string,
  file: string,
  of: { readonly kindName: string; readonly namespace: string; readonly name: string },
  object: DetailProps['object'],
): Promise<FileDifference> {
  const { objects: list, remarks } = await client.call(objects, 'check', { text });
  const document = list.find(
    (one) =>
      one.kind === of.kindName &&
      one.name === of.name &&
      (one.namespace === '' || one.namespace === of.namespace),
  );
  if (!document) {
    const names = list.map(({ kind, name }) => `${kind} ${name}`).slice(0, 8);
    const broken = remarks.find((one) => one.severity === 'error');
    throw fail('not-found', `There is no ${of.kindName} ${of.name} in ${file}.`, {
      hint: names.length > 0 ? `It holds ${names.join(', ')}.` : (broken?.message ?? 'It holds no objects.'),
    });
  }
  const { from, to, item } = document;
  const part = text.slice(from, to);
  const result = await client.call(objects, 'write', {
    text: part,
    how: 'apply',
    dryRun: true,
    force: true,
    reveal: false,
    ...(item === undefined ? {} : { item }),
    ...(of.namespace === '' ? {} : { namespace: of.namespace }),
  });
  if (result.ok)
    return {
      before: result.before,
      after: result.after,
      words: `What applying ${visible(file)} would change, by the server’s dry run. − now, + applied.`,
    };
  return {
    before: plainText(object),
    after: part,
    words: `As plain text: the server did not try it (${visible(result.error.message)}) − now, + ${visible(file)}.`,
  };
}
