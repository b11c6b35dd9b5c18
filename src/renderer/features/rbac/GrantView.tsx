/** A grant put together step by step: whom, where, what; checked against your own rights before the server is asked. */
import { useMemo, useState, type ReactNode } from 'react';
import { grantYaml, type GrantPlan } from '#shared/domain/rbac/grant';
import type { Who } from '#shared/contract/rbac';
import { plural, visible as visibleText } from '#shared/util/text';
import { useCluster, useClusterId } from '../../data/connections';
import { Button } from '../../ui/Button';
import { Choice } from '../../ui/Choice';
import { ErrorState } from '../../ui/ErrorState';
import { StatusMark } from '../../ui/StatusMark';
import { TextField } from '../../ui/TextField';
import styles from './access.module.css';
import { firstWho, setAccess, useAccess } from './access-store';
import type { ViewProps } from './AccessPage';
import { AtomTable } from './AtomTable';
import { NamespaceField, Pick, useTargets, WhoFields } from './Fields';
import { applyGrant } from './apply-grant';
import { nameText, parseName } from './RemoveView';
import { emptyRule, rulesOfDraft, type DraftRule } from './rule-draft';
import { useAnswer } from './use-rbac';
import { isComplete } from './words';

type What = 'existing' | 'new';

export function GrantView({ version, visible: shown, names }: ViewProps): ReactNode {
  const clusterId = useClusterId();
  const client = useCluster();
  const { namespace } = useAccess(clusterId);
  const [who, setWho] = useState<Who>({ ...firstWho, kind: 'User' });
  const [what, setWhat] = useState<What>('existing');
  const [existing, setExisting] = useState('ClusterRole view');
  const [rules, setRules] = useState<readonly DraftRule[]>([emptyRule]);
  const [ownName, setOwnName] = useState('');
  const [said, setSaid] = useState('');
  const [busy, setBusy] = useState(false);
  const roles = useMemo(
    () =>
      (names?.roles ?? [])
        .filter(
          ({ kind, namespace: own }) => kind === 'ClusterRole' || (namespace !== '' && own === namespace),
        )
        .map(nameText)
        .sort(),
    [names, namespace],
  );
  const subjectName = who.name.trim();
  const name = ownName.trim() || `${dns(subjectName)}-access`;
  const made = rulesOfDraft(rules);
  const picked = roles.includes(existing.trim()) ? parseName(existing) : undefined;
  const role: GrantPlan['role'] | undefined =
    what === 'new'
      ? made.length > 0
        ? { name, rules: made }
        : undefined
      : picked && { kind: picked.kind as 'Role' | 'ClusterRole', name: picked.name };
  const complete = isComplete(who) && subjectName !== '';
  const check = useAnswer('grantCheck', role && { namespace, role: askedRole(role) }, version, shown);
  const plan: GrantPlan | undefined =
    role && complete
      ? {
          namespace,
          subject: { kind: who.kind, namespace: who.namespace, name: subjectName },
          role,
          binding: what === 'new' ? name : ownName.trim() || `${dns(subjectName)}-${dns(role.name)}`,
        }
      : undefined;
  const text = plan ? grantYaml(plan) : '';
  const refused = (check.data?.refusals.length ?? 0) > 0;
  const create = async (): Promise<void> => {
    if (!client || !plan) return;
    setBusy(true);
    setSaid(await applyGrant(client, clusterId, text, plan).finally(() => setBusy(false)));
  };
  return (
    <>
      <div className={styles.form}>
        <WhoFields value={who} names={names} onChange={setWho} withoutMe withoutGroups />
        <NamespaceField
          value={namespace}
          all="Whole cluster"
          onChange={(next) => setAccess(clusterId, { namespace: next })}
        />
      </div>
      <div className={styles.form}>
        <Choice
          label="Role"
          options={[
            { value: 'existing', label: 'A role that is there' },
            { value: 'new', label: 'A new role' },
          ]}
          value={what}
          onChange={setWhat}
        />
        {what === 'existing' && (
          <Pick
            label="Role to bind"
            value={existing}
            options={roles}
            className={styles.wideField}
            onChange={setExisting}
          />
        )}
        <TextField
          label={what === 'new' ? 'Name of role and binding' : 'Name of the binding'}
          placeholder={plan?.binding ?? name}
          className={styles.field}
          value={ownName}
          onChange={(event) => setOwnName(event.target.value)}
        />
      </div>
      {what === 'new' && <Rules rules={rules} onChange={setRules} />}
      {check.error && <ErrorState title="It was not checked" error={check.error} onRetry={check.retry} />}
      {check.data && (
        <section aria-label="Check of your rights">
          {check.data.refusals.map((line) => (
            <p key={line}>
              <StatusMark tone="bad" /> {visibleText(line)}
            </p>
          ))}
          {check.data.beyond && (
            <p>
              <StatusMark tone="warn" /> It gives more than you hold yourself; you may do it by escalate or
              bind.
            </p>
          )}
          {!refused && !check.data.beyond && (
            <p>
              <StatusMark tone="ok" /> You hold everything it gives, and may create it.
            </p>
          )}
          {check.data.missing.length > 0 && (
            <details open={refused}>
              <summary>{plural(check.data.missing.length, 'permission')} you do not hold</summary>
              <AtomTable rows={check.data.missing} label="Permissions you do not hold" />
            </details>
          )}
        </section>
      )}
      {text !== '' && (
        <pre className={styles.yaml} aria-label="Grant as YAML" tabIndex={0}>
          {text}
        </pre>
      )}
      {!complete && <p className={styles.muted}>Name whom to grant it to.</p>}
      {complete && !role && (
        <p className={styles.muted}>
          {what === 'new' ? 'Give the role a rule.' : 'Choose a role that is there.'}
        </p>
      )}
      <div className={styles.form}>
        <Button look="primary" disabled={!plan || refused || busy} onClick={() => void create()}>
          Create
        </Button>
        {said !== '' && (
          <p role="status" aria-label="Grant">
            {visibleText(said)}
          </p>
        )}
      </div>
    </>
  );
}

function askedRole(role: GrantPlan['role']) {
  if ('kind' in role) return role;
  return {
    name: role.name,
    rules: role.rules.map((rule) => ({
      verbs: [...(rule.verbs ?? [])],
      apiGroups: [...(rule.apiGroups ?? [])],
      resources: [...(rule.resources ?? [])],
      resourceNames: [...(rule.resourceNames ?? [])],
      nonResourceURLs: [...(rule.nonResourceURLs ?? [])],
    })),
  };
}

interface RulesProps {
  readonly rules: readonly DraftRule[];
  readonly onChange: (rules: readonly DraftRule[]) => void;
}

function Rules({ rules, onChange }: RulesProps): ReactNode {
  const targets = useTargets();
  const set = (at: number, change: Partial<DraftRule>): void =>
    onChange(rules.map((rule, index) => (index === at ? { ...rule, ...change } : rule)));
  return (
    <>
      {rules.map((rule, at) => (
        <div key={at} className={styles.form} role="group" aria-label={`Rule ${at + 1}`}>
          <TextField
            label="Verbs"
            placeholder="get, list, watch"
            className={styles.field}
            value={rule.verbs}
            onChange={(event) => set(at, { verbs: event.target.value })}
          />
          <Pick
            label="Resources or URL"
            placeholder="pods, deployments.apps"
            value={rule.targets}
            options={targets}
            onChange={(next) => set(at, { targets: next })}
          />
          <TextField
            label="Names"
            placeholder="all"
            className={styles.field}
            value={rule.names}
            onChange={(event) => set(at, { names: event.target.value })}
          />
          {rules.length > 1 && (
            <Button look="quiet" onClick={() => onChange(rules.filter((_, index) => index !== at))}>
              Remove
            </Button>
          )}
        </div>
      ))}
      <div>
        <Button look="quiet" onClick={() => onChange([...rules, emptyRule])}>
          Add a rule
        </Button>
      </div>
    </>
  );
}

function dns(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9.-]+/g, '-')
    .replace(/^[^a-z0-9]+|[^a-z0-9]+$/g, '')
    .slice(0, 100);
}
