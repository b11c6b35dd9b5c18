import { describe, expect, it } from 'vitest';
import type { KindInfo } from '#shared/contract/cluster';
import type { FieldMask } from '#shared/kinds/define';
import { kindById } from '#shared/kinds/registry';
import { maskOf } from './masks';

const info = (group: string, kind: string): KindInfo => ({ group, kind }) as KindInfo;
const at = (mask: FieldMask, path: string): unknown => {
  let here: unknown = mask;
  for (const part of path.split('/')) {
    if (here === true) return true;
    here = (here as Record<string, unknown> | undefined)?.[part];
  }
  return here;
};

describe('fields a map reads', () => {
  it('takes no content of Secrets and ConfigMaps, whatever their tables show', () => {
    for (const [kind, id] of [
      ['Secret', 'secrets'],
      ['ConfigMap', 'configmaps'],
    ] as const) {
      const mask = maskOf(info('', kind), kindById.get(id));
      for (const field of ['data', 'stringData', 'binaryData']) expect(at(mask, field), kind).toBeUndefined();
      expect(at(mask, 'metadata/name')).toBe(true);
    }
  });

  it('takes of a pod what it points with, and no values of its environment', () => {
    const mask = maskOf(info('', 'Pod'), kindById.get('pods'));
    for (const path of [
      'spec/volumes',
      'spec/containers/env/valueFrom',
      'spec/containers/envFrom',
      'spec/imagePullSecrets',
      'spec/nodeName',
    ])
      expect(at(mask, path), path).toBe(true);
    expect(at(mask, 'spec/containers/env/value')).toBeUndefined();
    expect(at(mask, 'spec/containers/args')).toBeUndefined();
  });

  it('takes the same of the template, where each kind has it', () => {
    const template = (group: string, kind: string, id: string, path: string): unknown =>
      at(maskOf(info(group, kind), kindById.get(id)), `${path}/containers/env/valueFrom`);
    expect(template('apps', 'Deployment', 'deployments.apps', 'spec/template/spec')).toBe(true);
    expect(template('batch', 'CronJob', 'cronjobs.batch', 'spec/jobTemplate/spec/template/spec')).toBe(true);
    const stateful = maskOf(info('apps', 'StatefulSet'), kindById.get('statefulsets.apps'));
    expect(at(stateful, 'spec/volumeClaimTemplates')).toBe(true);
    expect(at(stateful, 'spec/template/spec/containers/env/value')).toBeUndefined();
  });

  it('keeps what the state of a kind is told from', () => {
    const mask = maskOf(info('apps', 'Deployment'), kindById.get('deployments.apps'));
    const own = kindById.get('deployments.apps')!.mask;
    for (const field of Object.keys(own)) expect(at(mask, field), field).toBeTruthy();
  });

  it('takes the whole spec of a kind nobody knows: references stand anywhere in it', () => {
    const mask = maskOf(info('example.com', 'Gizmo'), undefined);
    expect(at(mask, 'spec')).toBe(true);
    expect(at(mask, 'status/conditions')).toBe(true);
    expect(at(mask, 'data')).toBeUndefined();
  });
});
