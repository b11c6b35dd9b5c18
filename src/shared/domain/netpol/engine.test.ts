/** One case per network plugin: as it is installed, and as it is when it enforces nothing. */
import { describe, expect, it } from 'vitest';
import { detectEngine, type DaemonFacts, type EngineInput } from './engine';

const daemon = (
  name: string,
  image = `example/${name}:1`,
  args: string[] = [],
  container = name,
): DaemonFacts => ({
  namespace: 'kube-system',
  name,
  containers: [{ name: container, image, args }],
});

const detect = (daemonSets: readonly DaemonFacts[] | undefined, more: Partial<EngineInput> = {}) =>
  detectEngine({ daemonSets, groups: [], kubeletVersions: ['v1.34.4'], ...more });

describe('network plugins', () => {
  it.each<[string, DaemonFacts, string, boolean]>([
    ['Calico', daemon('calico-node'), 'Calico', true],
    ['Calico by image', daemon('node', 'docker.io/calico/node:v3.29'), 'Calico', true],
    ['Canal', daemon('canal'), 'Canal (Flannel with Calico policies)', true],
    ['Cilium', daemon('cilium'), 'Cilium', true],
    ['GKE Dataplane V2', daemon('anetd'), 'Cilium (GKE Dataplane V2)', true],
    ['Antrea', daemon('antrea-agent'), 'Antrea', true],
    ['OVN-Kubernetes', daemon('ovnkube-node'), 'OVN-Kubernetes', true],
    ['kube-router', daemon('kube-router', 'x', ['--run-firewall=true']), 'kube-router', true],
    [
      'kube-router without firewall',
      daemon('kube-router', 'x', ['--run-firewall=false']),
      'kube-router',
      false,
    ],
    ['Weave with npc', daemon('weave-net', 'x', [], 'weave-npc'), 'Weave Net', true],
    ['Weave alone', daemon('weave-net', 'x', [], 'weave'), 'Weave Net', false],
    ['VPC CNI, on', daemon('aws-node', 'x', ['--enable-network-policy=true']), 'Amazon VPC CNI', true],
    ['VPC CNI, off', daemon('aws-node', 'x', ['--enable-network-policy=false']), 'Amazon VPC CNI', false],
    ['kindnet', daemon('kindnet', 'docker.io/kindest/kindnetd:v20250512-df8de77b'), 'kindnet', true],
    ['kindnet, old', daemon('kindnet', 'docker.io/kindest/kindnetd:v20230511-dc714da8'), 'kindnet', false],
    ['Flannel', daemon('kube-flannel-ds'), 'Flannel', false],
    ['Azure CNI', daemon('azure-cns'), 'Azure CNI', false],
  ])('%s', (_title, one, name, enforces) => {
    const engine = detect([daemon('kube-proxy'), one]);
    expect(engine).toMatchObject({ name, enforces });
    expect(engine.evidence).toContain(`kube-system/${one.name}`);
  });

  it('what enforces goes before what only connects', () => {
    expect(detect([daemon('azure-cns'), daemon('azure-npm')])).toMatchObject({ enforces: true });
    expect(detect([daemon('kube-flannel-ds'), daemon('calico-node')])).toMatchObject({ name: 'Calico' });
  });

  it('K3s enforces by itself, with Flannel in its own process', () => {
    const engine = detect([], { kubeletVersions: ['v1.33.1+k3s1'] });
    expect(engine).toMatchObject({ name: 'K3s network policy controller', enforces: true });
  });

  it('nothing found is nothing enforced; not allowed to look is not known', () => {
    expect(detect([daemon('kube-proxy')])).toMatchObject({ name: undefined, enforces: false });
    expect(detect(undefined)).toMatchObject({ name: undefined, enforces: undefined });
  });

  it('names the policies of other engines', () => {
    expect(detect([daemon('cilium')], { groups: ['apps', 'cilium.io'] }).others).toEqual([
      'CiliumNetworkPolicy',
      'CiliumClusterwideNetworkPolicy',
    ]);
  });
});
