/** What the host says to the request: Pod Security, warnings, the object that would be sent. */
import type { ReactNode } from 'react';
import type { DebugPlan, DebugRequest } from '#shared/contract/debug';
import type { Profile } from '#shared/domain/debug/types';
import type { AppError } from '#shared/util/app-error';
import { plural, visible } from '#shared/util/text';
import { Button } from '../../ui/Button';
import { StatusMark } from '../../ui/StatusMark';
import styles from './debug.module.css';

export interface PlanViewProps {
  readonly plan: DebugPlan | undefined;
  readonly error: AppError | undefined;
  readonly request: DebugRequest;
  readonly onProfile: (profile: Profile) => void;
}

const MOST_FIELDS = 4;

export function PlanView({ plan, error, request, onProfile }: PlanViewProps): ReactNode {
  if (error) return <p className={styles.bad}>{visible(error.message)}</p>;
  if (!plan) return <p className={styles.muted}>Checking what the namespace allows…</p>;
  const { problem, security, warnings, yaml } = plan;
  return (
    <div className={styles.plan}>
      {problem !== undefined && <p className={styles.bad}>{visible(problem)}</p>}
      {security && (
        <div className={styles.security} role="group" aria-label="Pod Security">
          <p className={styles.advice}>
            <StatusMark tone="warn" />
            <span>
              Namespace {visible(request.namespace)} enforces the Pod Security level {security.level} and will
              refuse this:{' '}
              {security.violations
                .slice(0, MOST_FIELDS)
                .map(({ control }) => control)
                .filter(unique)
                .join(', ')}
              {security.violations.length > MOST_FIELDS
                ? ` (${plural(security.violations.length, 'violation')})`
                : ''}
              .
            </span>
          </p>
          <p className={styles.offers}>
            {security.passing.length === 0
              ? nothingPasses(request)
              : security.passing.map((profile) => (
                  <Button key={profile} onClick={() => onProfile(profile)}>
                    Use profile {profile}
                  </Button>
                ))}
          </p>
        </div>
      )}
      {warnings.map((warning) => (
        <p key={warning} className={styles.advice}>
          <StatusMark tone="warn" />
          <span>{visible(warning)}</span>
        </p>
      ))}
      {yaml !== '' && (
        <details className={styles.more}>
          <summary>
            {request.way === 'ephemeral' ? 'The container that is added' : 'The pod that is created'}
          </summary>
          <pre className={styles.yaml} tabIndex={0}>
            {yaml.split('\n').map(visible).join('\n')}
          </pre>
        </details>
      )}
    </div>
  );
}

function unique(value: string, at: number, all: readonly string[]): boolean {
  return all.indexOf(value) === at;
}

function nothingPasses({ way }: DebugRequest): string {
  if (way === 'node') return 'No profile passes there: choose a namespace that takes privileged pods.';
  return 'No profile passes: the pod itself, or the custom profile, does not meet that level.';
}
