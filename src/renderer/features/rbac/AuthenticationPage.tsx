/** Who am I here, how, until when, and what else signs people and pods in to this server. */
import { useState, type ReactNode } from 'react';
import {
  authentication,
  type AuthenticationOverview,
  type CertificateFact,
  type Fact,
} from '#shared/contract/authentication';
import { plural, visible as visibleText } from '#shared/util/text';
import type { PageProps } from '../../data/feature';
import { Button } from '../../ui/Button';
import { ErrorState } from '../../ui/ErrorState';
import { StatusMark } from '../../ui/StatusMark';
import styles from './access.module.css';
import { AdmissionLacks } from './AdmissionPage';
import { ObjectLink } from './Links';
import { useCall } from './use-call';
import { Until } from './WebhooksView';

const DAY = 86_400_000;
/** A certificate that ends this soon is marked. */
const SOON = 30 * DAY;

export function AuthenticationPage({ visible }: PageProps): ReactNode {
  const { data, error, retry, busy } = useCall(authentication, 'overview', {}, { visible });
  return (
    <div className={styles.page}>
      {error && <ErrorState title="It was not read" error={error} onRetry={retry} />}
      {!data && !error && (
        <p className={styles.muted} role="status" aria-label="Reading">
          Asking the server who you are.
        </p>
      )}
      {data && (
        <>
          <div className={styles.form}>
            <p className={styles.headline} role="status" aria-label="Answer">
              {headline(data)}
            </p>
            <span className={styles.space} />
            <Button disabled={busy} onClick={retry}>
              Read again
            </Button>
          </div>
          <AdmissionLacks lacks={data.lacks} />
          <div className={styles.sides}>
            <Section title="Who you are">
              <Facts facts={withGroups(data)} empty="The server does not say who you are." />
              {data.groups.includes('system:masters') && (
                <p>
                  <StatusMark tone="warn" /> system:masters bypasses authorization: no RBAC object limits you,
                  and none takes it away.
                </p>
              )}
            </Section>
            <Section title="How you sign in">
              <Facts facts={data.how} empty="Nothing is known." />
            </Section>
          </div>
          <Section title="The server">
            <Facts facts={data.server} empty="The server tells nothing of its settings." />
          </Section>
          {data.aws && <Aws aws={data.aws} />}
          <Tokens data={data} />
          <Certificates list={data.certificates} />
        </>
      )}
    </div>
  );
}

function withGroups({ me, groups }: AuthenticationOverview): Fact[] {
  if (groups.length === 0) return [...me];
  const [user, ...rest] = me;
  return [...(user ? [user] : []), { label: 'Groups', value: groups.join(', ') }, ...rest];
}

function headline({ me, how }: AuthenticationOverview): string {
  const name = me.find(({ label }) => label === 'User')?.value;
  const means = how.find(({ label }) => label === 'Signs in with')?.value;
  if (name === undefined) return 'The server does not say who you are.';
  return `You are ${name}${means === undefined ? '' : `, by ${means.charAt(0).toLowerCase()}${means.slice(1)}`}.`;
}

function Section({ title, children }: { readonly title: string; readonly children: ReactNode }): ReactNode {
  return (
    <section aria-label={title}>
      <h2 className={styles.head}>{title}</h2>
      {children}
    </section>
  );
}

function Facts({ facts, empty }: { readonly facts: readonly Fact[]; readonly empty: string }): ReactNode {
  if (facts.length === 0) return <p className={styles.muted}>{empty}</p>;
  return (
    <dl className={styles.facts}>
      {facts.map(({ label, value, tone }, index) => (
        <div key={index} className={styles.fact}>
          <dt>{label}</dt>
          <dd>
            {tone && <StatusMark tone={tone} />} {visibleText(value)}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Aws({ aws }: { readonly aws: NonNullable<AuthenticationOverview['aws']> }): ReactNode {
  return (
    <Section title="IAM identities (aws-auth)">
      {aws.notes.map((note) => (
        <p key={note} className={styles.muted}>
          {note}
        </p>
      ))}
      {aws.mapped.length > 0 && (
        <table className={styles.table} aria-label="IAM identities">
          <thead>
            <tr>
              <th>IAM</th>
              <th>User</th>
              <th>Groups</th>
            </tr>
          </thead>
          <tbody>
            {aws.mapped.map(({ from, user, groups }, index) => (
              <tr key={index}>
                <td>{visibleText(from)}</td>
                <td>{visibleText(user)}</td>
                <td>
                  {groups.includes('system:masters') && <StatusMark tone="warn" />}{' '}
                  {groups.map(visibleText).join(', ')}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Section>
  );
}

function Tokens({ data }: { readonly data: AuthenticationOverview }): ReactNode {
  return (
    <Section title="Service account tokens">
      {data.bound.length === 0 ? (
        <p className={styles.muted}>No pod carries a bound token.</p>
      ) : (
        <dl className={styles.facts}>
          {data.bound.map(({ audience, lifetime, pods }) => (
            <div key={`${lifetime} ${audience}`} className={styles.fact}>
              <dt>{plural(pods, 'pod')}</dt>
              <dd>
                bound token for {audience === '' ? 'the API server' : visibleText(audience)}, renewed within{' '}
                {lifetimeText(lifetime)}
              </dd>
            </div>
          ))}
        </dl>
      )}
      {data.legacy.length === 0 ? (
        <p className={styles.muted}>No Secret holds a token that never ends.</p>
      ) : (
        <>
          <p>
            <StatusMark tone="warn" />{' '}
            {data.legacy.length === 1 ? '1 Secret holds' : `${data.legacy.length} Secrets hold`} a token that
            never ends: whoever reads it keeps it until it is deleted.
          </p>
          <table className={styles.table} aria-label="Legacy tokens">
            <thead>
              <tr>
                <th>Secret</th>
                <th>Service account</th>
                <th>Made</th>
                <th>Last used</th>
              </tr>
            </thead>
            <tbody>
              {data.legacy.map(({ namespace, name, account, created, lastUsed, invalidSince }) => (
                <tr key={`${namespace}/${name}`}>
                  <td>
                    <ObjectLink of={{ kind: 'Secret', namespace, name }} />
                  </td>
                  <td>
                    <ObjectLink of={{ kind: 'ServiceAccount', namespace, name: account }} />
                  </td>
                  <td>{created === 0 ? '' : new Date(created).toISOString().slice(0, 10)}</td>
                  <td>
                    {invalidSince !== ''
                      ? `invalid since ${visibleText(invalidSince)}`
                      : visibleText(lastUsed) || <span className={styles.muted}>not recorded</span>}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
    </Section>
  );
}

function lifetimeText(seconds: number): string {
  if (seconds % 3_600 === 0) return plural(seconds / 3_600, 'hour');
  return seconds < 7_200
    ? plural(Math.round(seconds / 60), 'minute')
    : `${(seconds / 3_600).toFixed(1)} hours`;
}

function Certificates({ list }: { readonly list: readonly CertificateFact[] }): ReactNode {
  const [asked, setAsked] = useState(false);
  const { data, error, retry } = useCall(authentication, 'tlsSecrets', asked ? {} : undefined);
  const all = [...list, ...(data?.certificates ?? [])].sort((a, b) => a.expires - b.expires);
  const refused = error ?? data?.error;
  return (
    <Section title="Certificates, the next to end first">
      {all.length === 0 && <p className={styles.muted}>None is visible.</p>}
      {all.length > 0 && (
        <table className={styles.table} aria-label="Certificates">
          <thead>
            <tr>
              <th>Certificate</th>
              <th>Subject</th>
              <th>Ends</th>
            </tr>
          </thead>
          <tbody>
            {all.map((one, index) => (
              <tr key={index}>
                <td>
                  {visibleText(one.title)} {one.object && <ObjectLink of={one.object} />}
                </td>
                <td data-tip={`Issued by ${one.issuer}`}>{visibleText(one.subject)}</td>
                <td>
                  {one.expires - Date.now() < SOON && (
                    <StatusMark tone={one.expires < Date.now() ? 'bad' : 'warn'} />
                  )}{' '}
                  {new Date(one.expires).toISOString().slice(0, 10)}{' '}
                  <span className={styles.muted}>
                    <Until at={one.expires} />
                  </span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {refused && <ErrorState title="TLS Secrets were not read" error={refused} onRetry={retry} />}
      {data && !data.error && (
        <p className={styles.muted} role="status" aria-label="TLS Secrets">
          {plural(data.certificates.length, 'TLS Secret')} read
          {data.unreadable > 0 && `, ${data.unreadable} without a readable certificate`}.
        </p>
      )}
      {!asked && (
        <p>
          <Button onClick={() => setAsked(true)}>Read certificates of TLS Secrets</Button>{' '}
          <span className={styles.muted}>Reads these Secrets; only the public certificates are shown.</span>
        </p>
      )}
    </Section>
  );
}
