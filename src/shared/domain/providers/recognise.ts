/**
 * Which product a cluster is, from the names of a kubeconfig, its server, its plugin and the
 * server's version. Pure. A guess for a badge and for hints, never a ground for a decision:
 * names can say anything. The plugin counts first, then the host, the version, the names.
 */

export const providerIds = [
  'eks', 'gke', 'aks', 'minikube', 'kind', 'k3d', 'k3s', 'rke2', 'openshift', 'rancher', 'doks', 'teleport',
  'docker-desktop', 'rancher-desktop', 'colima', 'orbstack', 'microk8s', 'linode', 'ovh', 'scaleway', 'ibm',
  'oracle', 'hetzner', 'civo', 'vultr', 'exoscale', 'tke', 'ack', 'unknown',
] as const; // prettier-ignore

export type ProviderId = (typeof providerIds)[number];

export interface Provider {
  readonly id: ProviderId;
  /** Short badge, e.g. `EKS`; empty for unknown. */
  readonly label: string;
  readonly region?: string;
  readonly account?: string;
  readonly project?: string;
  /** Name of the cluster at the provider. */
  readonly cluster?: string;
}

export interface ProviderInput {
  readonly context: string;
  readonly cluster: string;
  readonly user: string;
  /** URL of the API server; may be empty. */
  readonly server: string;
  readonly exec?: { readonly command: string; readonly args: readonly string[] };
  /** `gitVersion` of /version, once it is known. */
  readonly gitVersion?: string;
  /** `provider` of a cluster extension, as minikube writes it. */
  readonly extension?: string | undefined;
}

const labels: Readonly<Record<ProviderId, string>> = {
  eks: 'EKS', gke: 'GKE', aks: 'AKS', minikube: 'minikube', kind: 'kind', k3d: 'k3d', k3s: 'K3s', rke2: 'RKE2',
  openshift: 'OpenShift', rancher: 'Rancher', doks: 'DOKS', teleport: 'Teleport',
  'docker-desktop': 'Docker', 'rancher-desktop': 'Rancher Desktop', colima: 'Colima', orbstack: 'OrbStack',
  microk8s: 'MicroK8s', linode: 'LKE', ovh: 'OVH', scaleway: 'Kapsule', ibm: 'IBM', oracle: 'OKE',
  hetzner: 'Hetzner', civo: 'Civo', vultr: 'VKE', exoscale: 'SKS', tke: 'TKE', ack: 'ACK', unknown: '',
}; // prettier-ignore

type Found = Omit<Provider, 'label'>;

/** Never throws; `unknown` when nothing fits. */
export function recognise(input: ProviderInput): Provider {
  const found =
    byPlugin(input) ?? byHost(input) ?? byVersion(input) ?? byName(input) ?? ({ id: 'unknown' } as const);
  const filled = Object.entries(found).filter(([, value]) => value !== undefined && value !== '');
  return { ...(Object.fromEntries(filled) as unknown as Found), label: labels[found.id] };
}

/** File name of a command, without `.exe`. */
export function baseName(command: string): string {
  return command
    .replace(/^.*[/\\]/, '')
    .replace(/\.(exe|cmd|bat)$/i, '')
    .toLowerCase();
}

/** `--name value` or `--name=value`; the last counts. */
export function flag(args: readonly string[], ...names: readonly string[]): string | undefined {
  let found: string | undefined;
  args.forEach((arg, at) => {
    for (const name of names) {
      if (arg === name) found = args[at + 1];
      else if (arg.startsWith(`${name}=`)) found = arg.slice(name.length + 1);
    }
  });
  return found;
}

function byPlugin(input: ProviderInput): Found | undefined {
  const { exec } = input;
  if (!exec) return undefined;
  const { args } = exec;
  switch (baseName(exec.command)) {
    case 'aws':
      return args.includes('eks') ? eks(input) : undefined;
    case 'aws-iam-authenticator':
    case 'aws-vault':
      return eks(input);
    case 'gke-gcloud-auth-plugin':
    case 'gcloud':
      return gke(input);
    case 'kubelogin':
      // The OIDC plugin has the same name; Azure's is told its server or its cloud.
      return flag(args, '--server-id', '--environment') === undefined && !azureHost.test(host(input))
        ? undefined
        : aks(input);
    case 'doctl':
      return doks(input);
    case 'tsh':
    case 'tbot': {
      const cluster = flag(args, '--kube-cluster');
      return { id: 'teleport', cluster, account: flag(args, '--teleport-cluster') };
    }
    case 'oci':
      return { id: 'oracle', region: flag(args, '--region') };
    case 'ibmcloud':
      return { id: 'ibm' };
    case 'rancher':
      return { id: 'rancher' };
    case 'linode-cli':
      return { id: 'linode' };
    case 'exo':
      return { id: 'exoscale' };
    default:
      return undefined;
  }
}

const azureHost = /\.azmk8s\.(io|cn|us)$/;

function host(input: ProviderInput): string {
  const found = /^[a-z]+:\/\/(?:[^/@?#]*@)?(\[[^\]]*\]|[^/:?#]+)/i.exec(input.server);
  return found?.[1]?.toLowerCase() ?? '';
}

function byHost(input: ProviderInput): Found | undefined {
  const name = host(input);
  const part = (pattern: RegExp, at = 1): string | undefined => pattern.exec(name)?.[at];
  if (/\.eks\.amazonaws\.com(\.cn)?$/.test(name)) return eks(input);
  if (/\.gke\.goog$/.test(name)) return gke(input);
  if (azureHost.test(name)) return aks(input);
  if (/\.k8s\.ondigitalocean\.com$/.test(name)) return doks(input);
  if (/\.linodelke\.net$/.test(name))
    return { id: 'linode', region: part(/\.([a-z]+-[a-z]+)(?:-\d+)?\.linodelke\.net$/) };
  if (/\.k8s\.ovh\.(net|us|ca)$/.test(name)) return { id: 'ovh', region: part(/\.([a-z0-9]+)\.k8s\.ovh\./) };
  if (/\.k8s\.([a-z0-9-]+)\.scw\.cloud$/.test(name))
    return { id: 'scaleway', region: part(/\.k8s\.([a-z0-9-]+)\.scw/) };
  if (/\.containers\.cloud\.ibm\.com$/.test(name))
    return { id: 'ibm', region: part(/\.([a-z]+-[a-z]+)\.containers\./) };
  if (/\.oci\.oraclecloud\.com$/.test(name))
    return { id: 'oracle', region: part(/([a-z]+-[a-z]+-\d)\.(?:clusters|oci)/) };
  if (/\.vultr-k8s\.com$/.test(name)) return { id: 'vultr' };
  if (/\.k8s\.civo\.com$/.test(name)) return { id: 'civo' };
  if (/\.sks-([a-z0-9-]+)\.exo\.io$/.test(name))
    return { id: 'exoscale', region: part(/\.sks-([a-z0-9-]+)\.exo/) };
  if (/\.ccs\.tencent-cloud\.com$/.test(name)) return { id: 'tke' };
  if (/\.cs\.aliyuncs\.com$/.test(name)) return { id: 'ack' };
  if (/\.openshiftapps\.com$/.test(name)) return openshift(input);
  if (/\/k8s\/clusters\/[^/]+/.test(input.server)) {
    return { id: 'rancher', cluster: input.context, account: name };
  }
  if (input.extension === 'minikube.sigs.k8s.io') return { id: 'minikube', cluster: input.context };
  return undefined;
}

const versions: readonly (readonly [RegExp, (input: ProviderInput) => Found])[] = [
  [/-eks-/, eks],
  [/-gke\./, gke],
  // K3s tells only half: k3d and Rancher Desktop run it.
  [/\+k3s/, (input) => local(input) ?? { id: 'k3s' }],
  [/\+rke2/, () => ({ id: 'rke2' })],
  [/\+IKS|\+ibm/i, () => ({ id: 'ibm' })],
  [/-aliyun/, () => ({ id: 'ack' })],
  [/-tke/, () => ({ id: 'tke' })],
];

function byVersion(input: ProviderInput): Found | undefined {
  const version = input.gitVersion ?? '';
  return versions.find(([pattern]) => pattern.test(version))?.[1](input);
}

function byName(input: ProviderInput): Found | undefined {
  if (/^arn:aws[a-z-]*:eks:/.test(input.cluster) || /\.eksctl\.io$/.test(input.cluster)) return eks(input);
  if (/^gke_[^_]+_[^_]+_.+/.test(input.cluster)) return gke(input);
  if (/^cluster(User|Admin)_/.test(input.user)) return aks(input);
  if (/^do-[a-z]{3}\d-/.test(input.cluster)) return doks(input);
  if (/^[^/]*\/[^/]+:\d+\/[^/]+$/.test(input.context) || /^[a-z0-9-]+:6443$/.test(input.cluster))
    return openshift(input);
  return local(input);
}

/** Clusters on this machine, and others known by their fixed names only. */
function local(input: ProviderInput): Found | undefined {
  const { cluster, context, user } = input;
  if (cluster === 'minikube') return { id: 'minikube', cluster: context };
  if (cluster.startsWith('kind-')) return { id: 'kind', cluster: cluster.slice(5) };
  if (cluster.startsWith('k3d-')) return { id: 'k3d', cluster: cluster.slice(4) };
  if (/^docker-(desktop|for-desktop)(-cluster)?$/.test(cluster)) return { id: 'docker-desktop' };
  if (cluster === 'rancher-desktop') return { id: 'rancher-desktop' };
  if (/^colima(-.+)?$/.test(cluster)) return { id: 'colima', cluster: cluster.slice(7) };
  if (cluster === 'orbstack') return { id: 'orbstack' };
  if (/^microk8s(-cluster)?$/.test(cluster)) return { id: 'microk8s' };
  if (/^lke\d+/.test(cluster)) return { id: 'linode', cluster: /^lke\d+/.exec(cluster)?.[0] };
  if (cluster === 'default' && context === 'default' && user === 'default') return { id: 'k3s' };
  if (/hetzner|hcloud/i.test(`${cluster} ${context}`)) return { id: 'hetzner' };
  return undefined;
}

function eks(input: ProviderInput): Found {
  const arn = /^arn:aws[a-z-]*:eks:([a-z0-9-]+):(\d+):cluster\/(.+)$/.exec(input.cluster);
  const ctl = /^(.+)\.([a-z]{2}-[a-z0-9-]+-\d)\.eksctl\.io$/.exec(input.cluster);
  const args = input.exec?.args ?? [];
  const region = /\.([a-z]{2}-[a-z0-9-]+-\d)\.eks\.amazonaws\./.exec(host(input))?.[1];
  return {
    id: 'eks',
    region: arn?.[1] ?? ctl?.[2] ?? region ?? flag(args, '--region'),
    account: arn?.[2],
    cluster: arn?.[3] ?? ctl?.[1] ?? flag(args, '--cluster-name', '--cluster-id', '-i'),
  };
}

function gke(input: ProviderInput): Found {
  const name = /^gke_([^_]+)_([^_]+)_(.+)$/.exec(input.cluster);
  return { id: 'gke', project: name?.[1], region: name?.[2], cluster: name?.[3] };
}

function aks(input: ProviderInput): Found {
  // clusterUser_GROUP_CLUSTER: the group may hold underscores, the cluster too; its own name tells where.
  const rest = /^cluster(?:User|Admin)_(.+)$/.exec(input.user)?.[1];
  const cluster = input.cluster;
  const group = rest?.endsWith(`_${cluster}`) ? rest.slice(0, -cluster.length - 1) : undefined;
  const region = /\.([a-z0-9]+)\.azmk8s\./.exec(host(input))?.[1];
  return { id: 'aks', region, project: group, cluster };
}

function doks(input: ProviderInput): Found {
  const name = /^do-([a-z]{3}\d)-(.+)$/.exec(input.cluster);
  return { id: 'doks', region: name?.[1], cluster: name?.[2] };
}

function openshift(input: ProviderInput): Found {
  return { id: 'openshift', cluster: /^api[-.]([a-z0-9-]+?)[-.]/.exec(input.cluster)?.[1] };
}
