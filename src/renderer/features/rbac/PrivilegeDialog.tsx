/** The smallest role that would allow what was refused, as YAML, and who could grant it. */
import { useState, type ReactNode } from 'react';
import { leastPrivilege } from '#shared/domain/rbac/least-privilege';
import { visible } from '#shared/util/text';
import { copyText } from '../../data/clipboard';
import { useClusterData } from '../../data/cluster-data';
import { ClusterIdContext } from '../../data/connections';
import { closeLeastPrivilege, usePrivilege, type AskedPrivilege } from '../../data/least-privilege';
import { useBench } from '../../data/workbench';
import { TextField } from '../../ui/TextField';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import styles from './access.module.css';
import { NamespaceField } from './Fields';
import { SubjectName } from './Links';
import { useAnswer, useRbacState } from './use-rbac';
import { parseTarget, targetText } from './words';

export function PrivilegeDialog(): ReactNode {
  const asked = usePrivilege((state) => state.asked);
  if (!asked) return null;
  return (
    <ClusterIdContext value={asked.contextId}>
      <Content key={JSON.stringify(asked)} asked={asked} />
    </ClusterIdContext>
  );
}

function Content({ asked: { contextId, refused } }: { readonly asked: AskedPrivilege }): ReactNode {
  const { status, kindById } = useClusterData(contextId);
  const { namespaces } = useBench(contextId);
  const [namespace, setNamespace] = useState(
    refused.namespace ?? (namespaces.length === 1 ? namespaces[0]! : ''),
  );
  const [live, setLive] = useState(false);
  const [copied, setCopied] = useState(false);
  const [resource = '', subresource = ''] = refused.resource.split('/');
  const kind = kindById.get(refused.group === '' ? resource : `${resource}.${refused.group}`);
  const url = refused.resource.startsWith('/');
  const scoped = !url && kind?.namespaced !== false && refused.namespace === undefined;
  const state = useRbacState(true);
  const [typed, setTyped] = useState<string>();
  // The server's own word on who asks; where it gives none, the person names the user.
  const user = typed ?? status?.user?.name ?? state?.me?.name ?? '';
  const { yaml } = leastPrivilege({ ...refused, namespace }, user, live);
  const reads = ['get', 'list', 'watch'].includes(refused.verb);
  const question = {
    verb: refused.verb,
    ...(url ? parseTarget(refused.resource) : { group: refused.group, resource, subresource, path: '' }),
    name: refused.name ?? '',
    namespace,
  };
  const { data, error } = useAnswer('granters', { question }, state?.ready ? state.version : undefined);
  const copy = (): void => {
    void copyText(yaml).then(setCopied);
  };
  return (
    <Dialog
      label="What would allow it"
      wide
      onClose={closeLeastPrivilege}
      actions={
        <>
          <Button onClick={closeLeastPrivilege}>Close</Button>
          <Button look="primary" disabled={user.trim() === ''} onClick={copy}>
            {copied ? 'Copied' : 'Copy YAML'}
          </Button>
        </>
      }
    >
      <div className={styles.dialog}>
        <p>
          {user === '' ? 'This user' : visible(user)} may not {refused.verb}{' '}
          {url ? refused.resource : visible(targetText(refused.group, resource, subresource))}
          {refused.name === undefined ? '' : ` ${visible(refused.name)}`}
          {namespace === '' ? ' in the whole cluster' : ` in ${visible(namespace)}`}. These two objects allow
          that and nothing else.
        </p>
        <div className={styles.form}>
          <TextField
            label="For user"
            placeholder="name as the server knows it"
            className={styles.field}
            value={user}
            onChange={(event) => setTyped(event.target.value)}
          />
          {scoped && <NamespaceField value={namespace} all="Whole cluster" onChange={setNamespace} />}
          {reads && (
            <label className={styles.check}>
              <input type="checkbox" checked={live} onChange={(event) => setLive(event.target.checked)} />
              Also what a live table needs (get, list, watch)
            </label>
          )}
        </div>
        {user.trim() !== '' && (
          <pre className={styles.yaml} aria-label="Role and binding as YAML" tabIndex={0}>
            {yaml}
          </pre>
        )}
        <h3 className={styles.head}>Who could grant it</h3>
        {error && <p className={styles.muted}>{error.message}</p>}
        {!data && !error && <p className={styles.muted}>Reading roles and bindings.</p>}
        {data?.lacks.map((line) => (
          <p key={line} className={styles.muted}>
            {visible(line)}
          </p>
        ))}
        {data && data.granters.length === 0 && data.lacks.length === 0 && (
          <p>
            Nobody but members of system:masters: no role holds this right together with creating bindings.
          </p>
        )}
        {data && (
          <ul className={styles.paths} aria-label="Who could grant it">
            {data.granters.slice(0, 20).map(({ subject, why }) => (
              <li key={`${subject.kind}/${subject.namespace}/${subject.name}`}>
                <SubjectName of={subject} /> <span className={styles.muted}>{why}</span>
              </li>
            ))}
            <li className={styles.muted}>Members of group system:masters can always.</li>
          </ul>
        )}
      </div>
    </Dialog>
  );
}
