/** Objects and paths of RBAC as links into the drawer. */
import { Fragment, type ReactNode } from 'react';
import type { ObjectName, Path } from '#shared/contract/rbac';
import { visible } from '#shared/util/text';
import { useThisCluster } from '../../data/cluster-data';
import { useClusterId } from '../../data/connections';
import { openDrawer } from '../../data/workbench';
import styles from './access.module.css';
import { kindIdOf, objectText, ruleText } from './words';

/** A link where the server serves the kind, text where it does not. */
export function ObjectLink({ of, short }: { readonly of: ObjectName; readonly short?: boolean }): ReactNode {
  const clusterId = useClusterId();
  const { kindById } = useThisCluster();
  const kind = kindIdOf(of.kind);
  const text = visible(short ? of.name : objectText(of));
  if (kind === undefined || !kindById.has(kind)) return <span>{text}</span>;
  const open = (): void => openDrawer(clusterId, { kind, namespace: of.namespace, name: of.name });
  return (
    <button type="button" className={styles.link} data-tip={`${of.kind} ${text}`} onClick={open}>
      {text}
    </button>
  );
}

const tags: Readonly<Record<string, string>> = {
  User: 'user',
  Group: 'group',
  ServiceAccount: 'sa',
  Role: 'role',
  ClusterRole: 'clusterrole',
  RoleBinding: 'binding',
  ClusterRoleBinding: 'clusterbinding',
};

/** `sa shop/robot`: kind in small letters, then the name. Users and groups are no objects: text. */
export function SubjectName({ of }: { readonly of: ObjectName }): ReactNode {
  return (
    <span className={styles.subject}>
      <span className={styles.tag}>{tags[of.kind] ?? visible(of.kind)}</span>{' '}
      {of.kind === 'ServiceAccount' ? <ObjectLink of={of} /> : <b>{visible(of.name)}</b>}
    </span>
  );
}

/** binding -> role -> rule. */
export function PathLine({ path }: { readonly path: Path }): ReactNode {
  const { binding, role, rule, ruleIndex } = path;
  return (
    <span className={styles.path}>
      <span className={styles.tag}>{tags[binding.kind]}</span> <ObjectLink of={binding} />
      <Arrow />
      <span className={styles.tag}>{tags[role.kind]}</span> <ObjectLink of={role} />
      <Arrow />
      <span data-tip={`Rule ${ruleIndex + 1} of the role`}>{visible(ruleText(rule))}</span>
    </span>
  );
}

function Arrow(): ReactNode {
  return (
    <span className={styles.arrow} aria-label="then">
      →
    </span>
  );
}

export interface PathsProps {
  readonly paths: readonly Path[];
  readonly more: number;
}

export function Paths({ paths, more }: PathsProps): ReactNode {
  return (
    <ul className={styles.paths}>
      {paths.map((path, index) => (
        <li key={index}>
          <PathLine path={path} />
        </li>
      ))}
      {more > 0 && <li className={styles.muted}>and {more} more</li>}
    </ul>
  );
}

/** Sentences under an answer: what it rests on. */
export function Notes({ notes }: { readonly notes: readonly string[] }): ReactNode {
  if (notes.length === 0) return null;
  return (
    <div className={styles.notes}>
      {notes.map((note) => (
        <Fragment key={note}>
          <p>{visible(note)}</p>
        </Fragment>
      ))}
    </div>
  );
}
