/** Ingresses and routes: each rule with where it goes and whether that is there. Gateways: their listeners. */
import type { ReactNode } from 'react';
import { listenerRows, routeRows, targetState, type RouteRow } from '#shared/domain/health/route-rows';
import { clip, plural, visible } from '#shared/util/text';
import { StatusMark } from '../../../../ui/StatusMark';
import styles from '../drawer.module.css';
import { Go, Section, Words } from '../Parts';
import type { DetailProps } from '../tabs';
import own from './own.module.css';

const MOST = 60;

export function RouteRules({ reference, object, around, onGo }: DetailProps): ReactNode {
  const rows = routeRows(reference.kind, object);
  return (
    <Section title={`Rules ${rows.length}`}>
      {rows.length === 0 && <p className={styles.muted}>None: it sends nothing anywhere.</p>}
      <ul className={own.rules}>
        {rows.slice(0, MOST).map((row, index) => (
          <li key={index}>
            <span className={own.hosts}>
              <span>{visible(clip(row.hosts, 300))}</span>
              <Tls row={row} namespace={reference.namespace} onGo={onGo} />
            </span>
            <span>{visible(clip(row.match, 300))}</span>
            <span className={own.targets}>
              {row.targets.map((target, at) => {
                const state = targetState(target, around.services);
                return (
                  <span key={at} className={own.target}>
                    {target.service === '' ? (
                      visible(target.text)
                    ) : (
                      <Go
                        link={{ kind: 'services', namespace: target.namespace, name: target.service }}
                        onGo={onGo}
                        text={target.text}
                      />
                    )}
                    {target.share !== undefined && <span className={styles.muted}>{target.share}%</span>}
                    {state && <Words tone={state.tone} words={state.words} />}
                  </span>
                );
              })}
              {row.notes.map((note) => (
                <span key={note} className={styles.muted}>
                  {visible(clip(note, 200))}
                </span>
              ))}
            </span>
          </li>
        ))}
      </ul>
      {rows.length > MOST && <p className={styles.muted}>and {rows.length - MOST} more</p>}
    </Section>
  );
}

function Tls({
  row,
  namespace,
  onGo,
}: { readonly row: RouteRow; readonly namespace: string } & Pick<DetailProps, 'onGo'>): ReactNode {
  if (row.tls === undefined) return null;
  if (row.tls === '') return <span className={styles.muted}>TLS by the controller</span>;
  return (
    <span className={styles.muted}>
      TLS by <Go link={{ kind: 'secrets', namespace, name: row.tls }} onGo={onGo} text={row.tls} />
    </span>
  );
}

export function Listeners({ object, reference, onGo }: DetailProps): ReactNode {
  const rows = listenerRows(object);
  return (
    <Section title={`Listeners ${rows.length}`}>
      <ul className={own.rules}>
        {rows.map((row) => (
          <li key={row.name}>
            <span className={own.hosts}>
              <span>{visible(row.name)}</span>
              <span className={styles.muted}>{visible(row.where)}</span>
            </span>
            <span className={own.targets}>
              <span>{visible(row.host)}</span>
              {row.secrets.map((name) => (
                <span key={name} className={styles.muted}>
                  TLS by{' '}
                  <Go
                    link={{ kind: 'secrets', namespace: reference.namespace, name }}
                    onGo={onGo}
                    text={name}
                  />
                </span>
              ))}
            </span>
            <span className={own.targets}>
              <span className={styles.words}>
                <StatusMark tone={row.tone} />
                {visible(clip(row.words, 200))}
              </span>
              {row.routes !== undefined && (
                <span className={styles.muted}>{plural(row.routes, 'route')} attached</span>
              )}
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
