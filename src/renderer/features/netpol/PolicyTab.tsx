/** The drawer's tab of a policy: whom it selects now, what it allows in words, what is wrong with it. */
import { useMemo, type ReactNode } from 'react';
import { netpol } from '#shared/contract/netpol';
import type { RuleLine } from '#shared/domain/netpol/policy-page';
import { plural, visible } from '#shared/util/text';
import { useCluster, useClusterId, useStream } from '../../data/connections';
import type { DrawerTabProps } from '../../data/feature';
import { Button } from '../../ui/Button';
import { MistakeList } from './MistakeList';
import styles from './netpol.module.css';
import { emptyDraft, showNetpol } from './page-state';
import { policyKindOf } from './policy-kinds';
import { shortId } from './words';

const FIRST = 12;

export function PolicyTab({ reference }: DrawerTabProps): ReactNode {
  const client = useCluster();
  const clusterId = useClusterId();
  const { namespace, name } = reference;
  const known = policyKindOf(reference.kind);
  const [kind, group] = [known?.kind ?? '', known?.group ?? ''];
  const input = useMemo(() => ({ kind, group, namespace, name }), [kind, group, namespace, name]);
  const { data } = useStream(client, netpol, 'policy', input);
  const state = useStream(client, netpol, 'state', undefined);
  if (!data) return <p className={styles.tabNote}>Reading pods and policies.</p>;
  const { page } = data;
  if (!page) {
    return <p className={styles.tabNote}>This policy is not evaluated: its version is not known here.</p>;
  }
  const { workloads, rules, mistakes } = page;
  const tier = page.tier === 'networkPolicy' ? '' : ` Tier ${page.tier}, priority ${page.priority}.`;
  return (
    <div className={styles.tab}>
      {state.data?.ready === true && state.data.engine.enforces === false && (
        <p className={styles.warn}>
          Nothing enforces network policies in this cluster: this is what it would do.
        </p>
      )}
      {page.terminating && (
        <p className={styles.warn}>Being deleted: it still applies until it is gone (S28).</p>
      )}
      <section aria-label="Selects">
        <h3 className={styles.tabHead}>Selects {plural(page.pods, 'pod')}</h3>
        <p>
          {visible(page.subject)}.{tier}
        </p>
        <p className={styles.muted}>
          {workloads
            .slice(0, FIRST)
            .map((one) => `${visible(shortId(one.id))} (${one.pods})`)
            .join(', ')}
          {workloads.length > FIRST ? ` and ${workloads.length - FIRST} more` : ''}
        </p>
      </section>
      <section aria-label="Rules in words">
        <h3 className={styles.tabHead}>Does</h3>
        <ul className={styles.lines}>
          {rules.map((rule) => (
            <li key={`${rule.direction} ${rule.index ?? ''}`}>{ruleWords(rule)}</li>
          ))}
        </ul>
      </section>
      {mistakes.length > 0 && (
        <section>
          <h3 className={styles.tabHead}>To look at</h3>
          <MistakeList mistakes={mistakes} />
        </section>
      )}
      <div className={styles.actions}>
        <Button
          onClick={() =>
            showNetpol(clusterId, { view: 'what-if', draft: { ...emptyDraft, remove: [input] } })
          }
        >
          What if it were removed
        </Button>
        <Button
          onClick={() => {
            void client
              ?.call(netpol, 'policyText', input)
              .then(({ text }) => showNetpol(clusterId, { view: 'what-if', draft: { ...emptyDraft, text } }))
              .catch(() => undefined);
          }}
        >
          What if it were changed
        </Button>
      </div>
    </div>
  );
}

function ruleWords({ text, pods }: RuleLine): string {
  return pods === undefined
    ? visible(text)
    : `${visible(text)} ${plural(pods, 'pod')} match now.`.replace('1 pod match', '1 pod matches');
}
