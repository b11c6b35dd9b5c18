/** A custom resource definition: its versions, what each can, its names, and the way to its objects. */
import type { ReactNode } from 'react';
import { items, keys, str, strings } from '#shared/k8s/read';
import { clip, plural, visible } from '#shared/util/text';
import { useKind } from '../../../../data/cluster-data';
import { useClusterId } from '../../../../data/connections';
import { kindTab } from '../../../../data/kind-tab';
import { openTab } from '../../../../data/workbench';
import { Button } from '../../../../ui/Button';
import { StatusMark } from '../../../../ui/StatusMark';
import styles from '../drawer.module.css';
import { field } from '../facts';
import { Pair, Section } from '../Parts';
import type { DetailProps } from '../tabs';
import own from './own.module.css';

export function Definition({ object }: DetailProps): ReactNode {
  const clusterId = useClusterId();
  const names = field(object, 'spec', 'names');
  const id = `${str(field(names, 'plural'))}.${str(field(object, 'spec', 'group'))}`;
  const kind = useKind(id);
  const stored = new Set(strings(field(object, 'status', 'storedVersions') as readonly string[] | undefined));
  const versions = items(field(object, 'spec', 'versions') as readonly object[] | undefined);
  const conversion = field(object, 'spec', 'conversion');
  const service = field(conversion, 'webhook', 'clientConfig', 'service');
  return (
    <>
      <Section title={`Versions ${versions.length}`}>
        <ul className={own.rules}>
          {versions.map((version) => (
            <Version key={str(field(version, 'name'))} version={version} stored={stored} />
          ))}
        </ul>
      </Section>
      <Section title="Names">
        <dl className={styles.facts}>
          <Pair label="Plural">{visible(str(field(names, 'plural')))}</Pair>
          <Pair label="Categories">{visible(strings(listOf(names, 'categories')).join(', ')) || '–'}</Pair>
          <Pair label="Conversion" wide>
            {str(field(conversion, 'strategy')) === 'Webhook'
              ? `by the webhook ${visible(str(field(service, 'namespace')))}/${visible(str(field(service, 'name')))}`
              : 'none: only apiVersion is changed'}
          </Pair>
        </dl>
        <div className={styles.steps}>
          <Button
            disabled={!kind}
            data-tip={kind ? undefined : 'This cluster does not serve it'}
            onClick={() => kind && openTab(clusterId, kindTab(kind))}
          >
            Show its objects
          </Button>
        </div>
      </Section>
    </>
  );
}

function listOf(value: unknown, name: string): readonly string[] | undefined {
  return field(value, name) as readonly string[] | undefined;
}

function Version({
  version,
  stored,
}: {
  readonly version: object;
  readonly stored: ReadonlySet<string>;
}): ReactNode {
  const name = str(field(version, 'name'));
  const served = field(version, 'served') === true;
  const deprecated = field(version, 'deprecated') === true;
  const schema = field(version, 'schema', 'openAPIV3Schema');
  const spec = keys(field(schema, 'properties', 'spec', 'properties') as object | undefined);
  const columns = items(field(version, 'additionalPrinterColumns') as readonly object[] | undefined);
  const parts = keys(field(version, 'subresources') as object | undefined);
  const isStored = field(version, 'storage') === true;
  const state = [
    served ? 'served' : 'not served',
    ...(isStored ? ['stored'] : stored.has(name) ? ['old objects are stored as it'] : []),
    ...(deprecated ? ['deprecated'] : []),
  ].join(', ');
  const trouble = deprecated || (!served && stored.has(name));
  return (
    <li>
      <span className="mono">{visible(name)}</span>
      <span className={styles.words}>
        <StatusMark tone={trouble ? 'warn' : served ? 'ok' : 'idle'} />
        {state}
      </span>
      <span className={own.targets}>
        <span className={styles.muted}>
          {schema === undefined ? 'no schema' : `${plural(spec.length, 'field')} in spec`}
          {`, ${plural(columns.length, 'column')}`}
          {parts.length > 0 && `, ${visible(parts.join(' and '))}`}
        </span>
        {deprecated && str(field(version, 'deprecationWarning')) !== '' && (
          <span className={styles.warnText}>
            {visible(clip(str(field(version, 'deprecationWarning')), 300))}
          </span>
        )}
      </span>
    </li>
  );
}
