/** A namespace: what keeps it from ending, what is in it by count, its quotas with use, its limit ranges. */
import type { ReactNode } from 'react';
import { parseTime } from '#shared/util/age';
import { clip, plural, visible } from '#shared/util/text';
import { useThisCluster } from '../../../../data/cluster-data';
import { useClusterId } from '../../../../data/connections';
import { kindTab } from '../../../../data/kind-tab';
import { chooseNamespaces, openTab } from '../../../../data/workbench';
import { Age } from '../../../../ui/Age';
import { StatusMark } from '../../../../ui/StatusMark';
import styles from '../drawer.module.css';
import { field } from '../facts';
import { Pair, Section } from '../Parts';
import type { DetailProps } from '../tabs';
import own from './own.module.css';
import { countWords, heldOf, keepsFromEnding, quotaRows } from './space-rows';

export function Space(props: DetailProps): ReactNode {
  const { counts, quotas, limits } = props.around;
  const held = counts && heldOf(counts);
  return (
    <>
      <Ending {...props} />
      {held && (
        <Section title="Holds">
          {held.length === 0 && <p className={styles.muted}>Nothing of the usual kinds.</p>}
          <dl className={styles.facts}>
            {held.map((one) => (
              <Pair
                key={one.kind}
                label={<Table id={one.kind} text={one.title} namespace={props.reference.name} />}
              >
                {countWords(one)}
              </Pair>
            ))}
          </dl>
        </Section>
      )}
      {quotas?.map((quota) => (
        <Section key={quota.name} title={`Quota ${quota.name}`}>
          <ul className={styles.rows}>
            {quotaRows(quota).map((one) => (
              <li key={one.resource}>
                <span>{visible(clip(one.resource, 100))}</span>
                <span className={styles.words}>
                  {one.tone !== 'ok' && (
                    <StatusMark tone={one.tone} label={one.tone === 'bad' ? 'used up' : 'nearly used up'} />
                  )}
                  {visible(clip(one.words, 100))}
                </span>
                <span className={styles.muted}>
                  {one.share === null ? '' : `${Math.floor(one.share * 100)}%`}
                </span>
              </li>
            ))}
          </ul>
        </Section>
      ))}
      {quotas?.length === 0 && (
        <Section title="Quotas">
          <p className={styles.muted}>None: it may use all the cluster has.</p>
        </Section>
      )}
      {limits?.map((range) => (
        <Section key={range.name} title={`Limit range ${range.name}`}>
          <ul className={own.rules}>
            {range.rows.map((one) => (
              <li key={`${one.type} ${one.resource}`}>
                <span>{visible(clip(one.type, 60))}</span>
                <span>{visible(clip(one.resource, 100))}</span>
                <span>{visible(clip(one.words, 300))}</span>
              </li>
            ))}
          </ul>
        </Section>
      ))}
    </>
  );
}

function Ending({ object, reference, clockOffset }: DetailProps): ReactNode {
  const keeps = keepsFromEnding(object);
  if (!keeps) return null;
  const since = parseTime(field(object, 'metadata', 'deletionTimestamp'));
  const { remains, told, finalizers } = keeps;
  return (
    <Section title="Keeps it from ending">
      <dl className={styles.facts}>
        {since !== null && (
          <Pair label="Asked to end" wide>
            <Age at={since} offset={clockOffset} ago />
          </Pair>
        )}
        {remains.map((one) => (
          <Pair key={`${one.is} ${one.what}`} label={one.is === 'objects' ? 'Left in it' : 'Finalizer'} wide>
            {one.is === 'objects' ? (
              <>
                {one.count} <Table id={one.what} text={one.what} namespace={reference.name} />
              </>
            ) : (
              <>
                <span className="mono">{visible(clip(one.what, 200))}</span> on {plural(one.count, 'object')}:
                its controller must take it off
              </>
            )}
          </Pair>
        ))}
        {finalizers.map((one) => (
          <Pair key={one} label="Its own" wide>
            the finalizer <span className="mono">{visible(clip(one, 200))}</span>
          </Pair>
        ))}
        {told.map((one) => (
          <Pair key={one} label="The server says" wide>
            {visible(clip(one, 600))}
          </Pair>
        ))}
      </dl>
      {remains.length + told.length + finalizers.length === 0 && (
        <p className={styles.muted}>Nothing is known yet: its objects are being deleted.</p>
      )}
    </Section>
  );
}

/** The table of a kind in this namespace, where the cluster serves the kind. */
function Table({
  id,
  text,
  namespace,
}: {
  readonly id: string;
  readonly text: string;
  readonly namespace: string;
}): ReactNode {
  const clusterId = useClusterId();
  const { kinds } = useThisCluster();
  const kind = kinds?.kinds.find((one) => one.id === id);
  if (!kind) return visible(clip(text, 200));
  return (
    <button
      type="button"
      className={styles.link}
      onClick={() => {
        chooseNamespaces(clusterId, [namespace]);
        openTab(clusterId, kindTab(kind));
      }}
    >
      {visible(clip(text, 200))}
    </button>
  );
}
