/** `npm run -s oracle:pss -- DIR`: the Pod Security level of every pod and pod template, a JSON line each. */
import { entries } from '#shared/k8s/read';
import { podSecurity } from '#shared/domain/pss/evaluate';
import type { PodSpec } from '#shared/domain/pss/types';
import { folderArgument } from './lines';
import { groupOf, readManifests, type Manifest } from './manifests';

interface Template {
  readonly metadata?: { readonly annotations?: Readonly<Record<string, string>> | null } | null;
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

/** Null: of no interest here. Undefined: it should have a pod in it, and has none. */
function templateOf(object: Manifest): Template | null | undefined {
  const kind = `${groupOf(object.apiVersion)}/${object.kind ?? ''}`;
  const spec = object.spec as
    { template?: Template; jobTemplate?: { spec?: { template?: Template } } } | null | undefined;
  if (kind === '/Pod') return object as Template;
  if (kind === '/PodTemplate') return object.template as Template | undefined;
  if (kind === 'batch/CronJob') return spec?.jobTemplate?.spec?.template;
  return templates.has(kind) ? spec?.template : null;
}

function fault(spec: unknown): string | undefined {
  if (typeof spec !== 'object' || spec === null || Array.isArray(spec)) return 'spec of its pod is missing';
  const { containers } = spec as PodSpec;
  if (!Array.isArray(containers) || containers.length === 0) return 'spec.containers of its pod is missing';
  for (const field of ['containers', 'initContainers', 'ephemeralContainers', 'volumes'] as const) {
    const list: unknown = (spec as PodSpec)[field] ?? [];
    const sound = Array.isArray(list) && list.every((one) => typeof one === 'object' && one !== null);
    if (!sound) return `spec.${field} of its pod is no list of objects`;
  }
  return undefined;
}

function answer(object: Manifest): void {
  const template = templateOf(object);
  if (template === null) return;
  const name = `${object.kind ?? ''}/${object.metadata?.namespace || 'default'}/${object.metadata?.name ?? ''}`;
  const wrong = fault(template?.spec);
  if (!template?.spec || wrong !== undefined) {
    process.stderr.write(`${name}: ${wrong ?? 'it has no pod'}, left out\n`);
    return;
  }
  const annotations = Object.fromEntries(entries(template.metadata?.annotations));
  const { level, violations } = podSecurity({ annotations, spec: template.spec });
  const words = violations.map((one) => `${one.level}: ${one.control}: ${one.field}=${one.value}`);
  process.stdout.write(`${JSON.stringify({ object: name, level, violations: words })}\n`);
}

for (const object of readManifests(folderArgument('pss'))) {
  try {
    answer(object);
  } catch (thrown) {
    const words = thrown instanceof Error ? thrown.message : String(thrown);
    process.stderr.write(`${object.kind ?? ''} ${String(object.metadata?.name ?? '')}: ${words}, left out\n`);
  }
}
