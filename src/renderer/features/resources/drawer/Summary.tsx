/** The first tab: key facts, containers, conditions, relatives, data keys, labels and annotations. */
import type { ReactNode } from 'react';
import { entries, str } from '#shared/k8s/read';
import { parseTime } from '#shared/util/age';
import { formatBytes } from '#shared/util/quantity';
import { clip, visible } from '#shared/util/text';
import { Age } from '../../../ui/Age';
import { StatusMark } from '../../../ui/StatusMark';
import { AroundSections } from './Around';
import { Containers } from './Containers';
import styles from './drawer.module.css';
import { conditionsOf, dataEntries, field, isTrouble, keyFacts, type Fact, type FactLink } from './facts';
import { ownSection } from './own/own-sections';
import { Pairs } from './Pairs';
import { Pair } from './Parts';
import { Related } from './Related';
import { SecretValue } from './SecretValue';
import type { DetailProps } from './tabs';

/** Longer texts take the whole width. */
const WIDE = 26;

export function Summary(props: DetailProps): ReactNode {
  const { client, reference, uid, object, clockOffset, onGo } = props;
  const facts = keyFacts(reference.kind, object);
  const narrow = facts.filter((fact) => (fact.text?.length ?? 0) <= WIDE);
  const wide = facts.filter((fact) => (fact.text?.length ?? 0) > WIDE);
  const conditions = conditionsOf(object);
  const data = dataEntries(object);
  const secret = object.kind === 'Secret';
  const own = ownSection(reference.kind);
  const Own = own?.component;
  const labels = entries(field(object, 'metadata', 'labels') as object | undefined);
  const annotations = entries(field(object, 'metadata', 'annotations') as object | undefined);
  const shown = (fact: Fact): ReactNode => <FactValue fact={fact} clockOffset={clockOffset} onGo={onGo} />;
  return (
    <>
      {own?.instead !== true && (
        <section className={styles.section} aria-label="Key facts">
          <dl className={styles.facts}>
            {narrow.map((fact) => (
              <Pair key={fact.label} label={fact.label}>
                {shown(fact)}
              </Pair>
            ))}
            {wide.map((fact) => (
              <Pair key={fact.label} label={fact.label} wide>
                {shown(fact)}
              </Pair>
            ))}
          </dl>
        </section>
      )}
      {Own && <Own {...props} />}
      <Containers {...props} />
      <AroundSections {...props} />
      {conditions.length > 0 && (
        <section className={styles.section} aria-label="Conditions">
          <h3>Conditions</h3>
          <ul className={styles.rows}>
            {conditions.map((one, index) => {
              const at = parseTime(one.lastTransitionTime);
              const trouble = isTrouble(one, object);
              const why = [str(one.reason), trouble ? str(one.message) : ''].filter(Boolean).join(': ');
              return (
                <li key={`${str(one.type)}-${index}`}>
                  <span className={styles.words}>
                    <StatusMark tone={trouble ? 'warn' : one.status === 'Unknown' ? 'idle' : 'done'} />
                    {visible(str(one.type))}
                  </span>
                  <span className={trouble ? undefined : styles.muted}>
                    {visible(str(one.status))}
                    {why !== '' && `, ${visible(clip(why, 300))}`}
                  </span>
                  <span>{at !== null && <Age at={at} offset={clockOffset} />}</span>
                </li>
              );
            })}
          </ul>
        </section>
      )}
      <Related client={client} reference={reference} uid={uid} onGo={onGo} />
      {data.length > 0 && (
        <section className={styles.section} aria-label="Data">
          <h3>Data</h3>
          <ul className={styles.keys}>
            {data.map((one) => (
              <li key={one.key}>
                <span className="mono">{visible(one.key)}</span>
                {!secret && <span className={styles.muted}>{formatBytes(one.bytes)}</span>}
                <SecretValue key={uid} client={client} reference={reference} name={one.key} plain={!secret} />
              </li>
            ))}
          </ul>
        </section>
      )}
      <Pairs title="Labels" pairs={labels} />
      <Pairs title="Annotations" pairs={annotations} />
    </>
  );
}

function FactValue({
  fact,
  clockOffset,
  onGo,
}: {
  readonly fact: Fact;
  readonly clockOffset: number;
  readonly onGo: (link: FactLink) => void;
}): ReactNode {
  const { link } = fact;
  if (fact.at !== undefined) return <Age at={fact.at} offset={clockOffset} ago />;
  const text = visible(clip(fact.text ?? '', 500));
  if (link) {
    return (
      <button type="button" className={styles.link} onClick={() => onGo(link)}>
        {text}
      </button>
    );
  }
  return <span className={fact.warn ? styles.warnText : fact.mono ? 'mono' : undefined}>{text}</span>;
}
