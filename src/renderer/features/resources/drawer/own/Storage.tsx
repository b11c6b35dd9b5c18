/** A volume: whose it is, where its data lies, what happens to it when the claim goes. */
import type { ReactNode } from 'react';
import { volumePlace } from '#shared/domain/health/route-rows';
import { str } from '#shared/k8s/read';
import { clip, visible } from '#shared/util/text';
import styles from '../drawer.module.css';
import { field } from '../facts';
import { Go, Pair, Section } from '../Parts';
import type { DetailProps } from '../tabs';

const reclaim: Readonly<Record<string, string>> = {
  Delete: 'the volume and its data are deleted',
  Retain: 'volume and data stay, for somebody to look after',
  Recycle: 'its files are deleted and it is offered again',
};

export function Volume({ object, onGo }: DetailProps): ReactNode {
  const namespace = str(field(object, 'spec', 'claimRef', 'namespace'));
  const name = str(field(object, 'spec', 'claimRef', 'name'));
  const policy = str(field(object, 'spec', 'persistentVolumeReclaimPolicy'));
  const place = volumePlace(object);
  return (
    <>
      <Section title="Use">
        <dl className={styles.facts}>
          <Pair label="Claim" wide>
            {name === '' ? (
              <span className={styles.muted}>none yet</span>
            ) : (
              <Go
                link={{ kind: 'persistentvolumeclaims', namespace, name }}
                onGo={onGo}
                text={`${namespace}/${name}`}
              />
            )}
          </Pair>
          <Pair label="Without it" wide>
            {reclaim[policy] ?? visible(policy)}
          </Pair>
        </dl>
      </Section>
      {place.length > 0 && (
        <Section title="Where its data is">
          <dl className={styles.facts}>
            {place.map(([label, value]) => (
              <Pair key={label} label={visible(clip(label, 60))} wide>
                <span className="mono">{visible(clip(value, 400))}</span>
              </Pair>
            ))}
          </dl>
        </Section>
      )}
    </>
  );
}
