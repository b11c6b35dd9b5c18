/** Admission policies with their CEL and what their bindings do. */
import type { ReactNode } from 'react';
import type { PolicyInfo } from '#shared/contract/admission';
import { visible } from '#shared/util/text';
import { Badge } from '../../ui/Badge';
import { StatusMark } from '../../ui/StatusMark';
import styles from './access.module.css';
import { ObjectLink } from './Links';
import { ConstraintLines } from './WebhooksView';

export function PoliciesView({ policies }: { readonly policies: readonly PolicyInfo[] }): ReactNode {
  return (
    <div role="list" aria-label="Admission policies" className={styles.list}>
      {policies.map((policy) => (
        <Policy key={`${policy.type}/${policy.name}`} policy={policy} />
      ))}
    </div>
  );
}

function Policy({ policy }: { readonly policy: PolicyInfo }): ReactNode {
  const { type, name, bindings, constraints, expressions, variables, remarks, paramKind, failurePolicy } =
    policy;
  const kind = type === 'mutating' ? 'MutatingAdmissionPolicy' : 'ValidatingAdmissionPolicy';
  return (
    <div role="listitem" className={styles.line}>
      <div>
        <ObjectLink of={{ kind, namespace: '', name }} />
        <p className={styles.muted}>
          {type}, an error of its expressions {failurePolicy === 'Fail' ? 'refuses' : 'lets pass'}
          {paramKind !== '' && `, parameters ${visible(paramKind)}`}
        </p>
        <ConstraintLines of={constraints} />
      </div>
      <div className={styles.riskMore}>
        {bindings.length === 0 && (
          <p>
            <StatusMark tone="warn" /> No binding: it does nothing.
          </p>
        )}
        {bindings.map((binding) => (
          <div key={binding.name}>
            <Badge
              tone={binding.actions.includes('Deny') || binding.actions.includes('Mutate') ? 'ok' : 'idle'}
            >
              {binding.actions.map(visible).join(', ') || 'no action'}
            </Badge>{' '}
            <span className={styles.muted}>by</span>{' '}
            <ObjectLink of={{ kind: `${kind}Binding`, namespace: '', name: binding.name }} />
            {binding.params !== '' && <span className={styles.muted}> with {visible(binding.params)}</span>}
            {binding.constraints && <ConstraintLines of={binding.constraints} quiet />}
          </div>
        ))}
        {variables.map((variable) => (
          <pre key={variable.name} className={styles.yaml} aria-label={`Variable ${variable.name}`}>
            {visible(variable.name)} = {visible(variable.expression)}
          </pre>
        ))}
        {expressions.map(({ expression, message, reason }, index) => (
          <div key={index}>
            <pre className={styles.yaml} aria-label="CEL">
              {visible(expression)}
            </pre>
            {(message !== '' || reason !== '') && (
              <p className={styles.muted}>
                else: {visible(message)} {visible(reason)}
              </p>
            )}
          </div>
        ))}
        {remarks.map((remark) => (
          <p key={remark}>
            <StatusMark tone="warn" /> {visible(remark)}
          </p>
        ))}
      </div>
    </div>
  );
}
