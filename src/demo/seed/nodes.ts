/** The machines: three zones, one pool with accelerators, one node that has gone silent. */
import type { Draft } from '../model';
import { iso } from '../model';
import type { Random } from '../random';

export interface NodePlan {
  readonly draft: Draft;
  readonly age: number;
  /** Stopped answering that long ago. */
  readonly silentFor?: number;
}

const day = 86_400_000;

export function nodePlans(count: number, random: Random, now: number): NodePlan[] {
  return Array.from({ length: count }, (_unused, index) => {
    const accelerator = index === 1;
    const silent = index === count - 1;
    const zone = 'abc'[index % 3] ?? 'a';
    const subnet = Math.floor(index / 8);
    const address = `10.2.${31 + (index % 3)}.${7 + subnet * 12 + index * 3}`;
    const name = `ip-${address.replace(/\./g, '-')}.eu-central-1.compute.internal`;
    const [type, cpu, memory] = accelerator
      ? ['g5.2xlarge', 8, 32]
      : index % 4 === 2
        ? ['m6i.4xlarge', 16, 64]
        : ['m6i.2xlarge', 8, 32];
    const age = (index < count - 3 ? 61 : 9) * day - random.int(0, 6 * 3_600_000);
    const born = now - age;
    const capacity = {
      cpu: String(cpu),
      memory: `${Number(memory) * 1024 * 1024 - 712_344}Ki`,
      'ephemeral-storage': '104845292Ki',
      pods: '110',
      ...(accelerator ? { 'nvidia.com/gpu': '1' } : {}),
    };
    const condition = (kind: string, status: string, reason: string, message: string) => ({
      type: kind,
      status,
      reason,
      message,
      lastHeartbeatTime: iso(now),
      lastTransitionTime: iso(born + 40_000),
    });
    return {
      age,
      ...(silent ? { silentFor: 47 * 60_000 } : {}),
      draft: {
        apiVersion: 'v1',
        kind: 'Node',
        metadata: {
          name,
          labels: {
            'beta.kubernetes.io/arch': 'amd64',
            'eks.amazonaws.com/nodegroup': accelerator ? 'gpu' : index % 4 === 2 ? 'large' : 'general',
            'kubernetes.io/arch': 'amd64',
            'kubernetes.io/hostname': name,
            'kubernetes.io/os': 'linux',
            'node.kubernetes.io/instance-type': String(type),
            'topology.kubernetes.io/region': 'eu-central-1',
            'topology.kubernetes.io/zone': `eu-central-1${zone}`,
          },
          annotations: { 'node.alpha.kubernetes.io/ttl': '0' },
        },
        spec: {
          podCIDR: `10.2.${64 + index}.0/24`,
          podCIDRs: [`10.2.${64 + index}.0/24`],
          providerID: `aws:///eu-central-1${zone}/i-0${random.hex(16)}`,
          ...(accelerator
            ? { taints: [{ key: 'nvidia.com/gpu', value: 'present', effect: 'NoSchedule' }] }
            : {}),
        },
        status: {
          addresses: [
            { type: 'InternalIP', address },
            { type: 'InternalDNS', address: name },
            { type: 'Hostname', address: name },
          ],
          capacity,
          allocatable: {
            ...capacity,
            cpu: `${Number(cpu) * 1000 - 90}m`,
            memory: `${Number(memory) * 1024 * 1024 - 1_762_344}Ki`,
          },
          conditions: [
            condition(
              'MemoryPressure',
              'False',
              'KubeletHasSufficientMemory',
              'kubelet has sufficient memory available',
            ),
            condition('DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'),
            condition(
              'PIDPressure',
              'False',
              'KubeletHasSufficientPID',
              'kubelet has sufficient PID available',
            ),
            condition('Ready', 'True', 'KubeletReady', 'kubelet is posting ready status'),
          ],
          daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
          nodeInfo: {
            architecture: 'amd64',
            bootID: random.uuid(),
            containerRuntimeVersion: 'containerd://1.7.27',
            kernelVersion: '6.1.141-155.222.amzn2023.x86_64',
            kubeProxyVersion: 'v1.34.1-eks-113cf36',
            kubeletVersion: index < count - 3 ? 'v1.33.5-eks-113cf36' : 'v1.34.1-eks-113cf36',
            machineID: random.hex(32),
            operatingSystem: 'linux',
            osImage: 'Amazon Linux 2023.8.20250818',
            systemUUID: random.uuid(),
          },
          images: [],
        },
      },
    };
  });
}
