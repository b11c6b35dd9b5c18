/** `npm run -s oracle:pss -- DIR`: the Pod Security level of every pod and pod template, a JSON line each. */
import { podSecurity } from '#shared/domain/pss/evaluate';
import type { PodSpec } from '#shared/domain/pss/types';
import { folderArgument } from './lines';
import { groupOf, readManifests, type Manifest } from './manifests';

interface Template {
  readonly metadata?: { readonly annotations?: Readonly<Record<string, string>> | null };
  readonly spec?: PodSpec | null;
}

const templates = new Set([
  'apps/Deployment',
  'apps/ReplicaSet',
  'apps/StatefulSet',
  'apps/DaemonSet',
  'batch/Job',
  '/ReplicationController',
]);

function templateOf(object: Manifest): Template | undefined {
  const kind = `${groupOf(object.apiVersion)}/${object.kind ?? ''}`;
  const spec = object.spec as
    { template?: Template; jobTemplate?: { spec?: { template?: Template } } } | null | undefined;
  if (kind === '/Pod') return object as Template;
  if (kind === '/PodTemplate') return object.template as Template | undefined;
  if (kind === 'batch/CronJob') return spec?.jobTemplate?.spec?.template;
  return templates.has(kind) ? spec?.template : undefined;
}

for (const object of readManifests(folderArgument('pss'))) {
  const template = templateOf(object);
  if (!template?.spec) continue;
  const { level, violations } = podSecurity({
    annotations: template.metadata?.annotations ?? {},
    spec: template.spec,
  });
  const name = `${object.kind ?? ''}/${object.metadata?.namespace ?? 'default'}/${object.metadata?.name ?? ''}`;
  const words = violations.map((one) => `${one.level}: ${one.control}: ${one.field}=${one.value}`);
  process.stdout.write(`${JSON.stringify({ object: name, level, violations: words })}\n`);
}
