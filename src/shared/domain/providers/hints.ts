/**
 * What a person does next when a cluster's credentials do not work: commands to show and to
 * run in a terminal when the person says so. Pure. Every value of a kubeconfig in a command is
 * quoted for a POSIX shell, or left out when it is odd. Nothing is run here.
 */
import { baseName, flag, type Provider } from './recognise';

export interface Hint {
  /** One sentence. */
  readonly text: string;
  /** To run in a terminal. */
  readonly command?: string;
}

export interface HintInput {
  readonly provider: Provider;
  readonly context: string;
  /** For `oc login` and others: the API server. */
  readonly server: string;
  readonly exec?: {
    readonly command: string;
    readonly args: readonly string[];
    readonly env: readonly { readonly name: string; readonly value: string }[];
    readonly installHint?: string;
  };
}

/** A value of a kubeconfig as one word of a shell; undefined when it is not worth the risk. */
function word(value: string | undefined): string | undefined {
  if (value === undefined || value === '' || value.length > 256 || value.startsWith('-')) return undefined;
  if (/^[\w@%+=:,./-]+$/.test(value)) return value;
  // Control and direction characters could make a command look like another one.
  return /^[\x20-\x7e]+$/.test(value) ? `'${value.replaceAll("'", `'\\''`)}'` : undefined;
}

function withFlag(command: string, name: string, value: string | undefined): string {
  const safe = word(value);
  return safe === undefined ? command : `${command} ${name} ${safe}`;
}

/** After a 401, or when the plugin said that it has no credential. */
export function signInHint(input: HintInput): Hint {
  const { provider, exec } = input;
  const args = exec?.args ?? [];
  const env = (name: string): string | undefined => exec?.env.find((one) => one.name === name)?.value;
  switch (provider.id) {
    case 'eks': {
      const profile = flag(args, '--profile') ?? env('AWS_PROFILE');
      return {
        text: 'The AWS session has ended, or this identity has no access entry in the cluster.',
        command: withFlag('aws sso login', '--profile', profile),
      };
    }
    case 'gke':
      return { text: 'The Google Cloud session has ended.', command: 'gcloud auth login' };
    case 'aks': {
      const way = flag(args, '--login', '-l');
      const tenant = flag(args, '--tenant-id', '-t');
      if (exec && way !== 'azurecli')
        return {
          text: 'The Azure session has ended. Clear the stored tokens, then connect to sign in again.',
          command: 'kubelogin remove-tokens',
        };
      return { text: 'The Azure session has ended.', command: withFlag('az login', '--tenant', tenant) };
    }
    case 'openshift':
      return {
        text: 'OpenShift tokens end after 24 hours. Log in again.',
        command: withFlag('oc login', '--web --server', input.server),
      };
    case 'teleport': {
      const proxy = withFlag('tsh login', '--proxy', flag(args, '--proxy'));
      const cluster = word(flag(args, '--teleport-cluster'));
      return {
        text: 'The Teleport certificate has ended.',
        command: cluster === undefined ? proxy : `${proxy} ${cluster}`,
      };
    }
    case 'minikube':
      return {
        text: 'minikube is stopped, or was made anew: its certificates are others now.',
        command: withFlag('minikube start', '-p', provider.cluster),
      };
    case 'kind':
      return {
        text: 'The kind cluster was made anew: write its new certificates.',
        command: withFlag('kind export kubeconfig', '--name', provider.cluster),
      };
    case 'k3d': {
      const cluster = word(provider.cluster);
      return {
        text: 'The k3d cluster was made anew: write its new certificates.',
        command: `k3d kubeconfig merge ${cluster ?? '--all'}`,
      };
    }
    case 'doks':
      return { text: 'The DigitalOcean token is no longer valid.', command: 'doctl auth init' };
    case 'ibm':
      return { text: 'The IBM Cloud session has ended.', command: 'ibmcloud login --sso' };
    case 'oracle':
      return { text: 'The OCI session has ended.', command: 'oci session authenticate' };
    case 'rancher':
      return { text: 'The Rancher token has ended. Download the kubeconfig again in Rancher.' };
    case 'k3s':
      return { text: 'Copy /etc/rancher/k3s/k3s.yaml of the server again: its certificates last a year.' };
    case 'microk8s':
      return { text: 'Write the certificates of MicroK8s again.', command: 'microk8s config' };
    case 'colima':
      return { text: 'Colima is stopped, or was made anew.', command: 'colima start --kubernetes' };
    case 'docker-desktop':
    case 'rancher-desktop':
    case 'orbstack':
      return { text: `Kubernetes of ${provider.label} is off or was reset. Look into its settings.` };
    default:
      return exec
        ? { text: `Sign in again with ${shown(exec.command)}, then reconnect.` }
        : {
            text: 'The credential in the kubeconfig is not accepted. Get a new kubeconfig for this cluster.',
          };
  }
}

const installs: Readonly<Record<string, Hint>> = {
  aws: { text: 'Install the AWS CLI, version 2.', command: 'aws --version' },
  'aws-iam-authenticator': { text: 'Install aws-iam-authenticator, or let the AWS CLI write the entry anew.' },
  'gke-gcloud-auth-plugin': {
    text: 'Install the plugin with the Google Cloud CLI (or the package google-cloud-cli-gke-gcloud-auth-plugin).',
    command: 'gcloud components install gke-gcloud-auth-plugin',
  },
  gcloud: { text: 'Install the Google Cloud CLI.' },
  kubelogin: { text: 'Install kubelogin; the Azure CLI can do it.', command: 'az aks install-cli' },
  az: { text: 'Install the Azure CLI.' },
  doctl: { text: 'Install doctl, the command line of DigitalOcean.' },
  tsh: { text: 'Install tsh, the client of Teleport, in the version of your Teleport.' },
  'kubectl-oidc_login': { text: 'Install the OIDC plugin of kubectl.', command: 'kubectl krew install oidc-login' },
  minikube: { text: 'Install minikube, or remove this context.' },
  oci: { text: 'Install the OCI command line.' },
  ibmcloud: { text: 'Install the IBM Cloud command line with its plugin container-service.' },
}; // prettier-ignore

/**
 * When `missing` was not found: the plugin itself, or a program it calls. The hint in the
 * kubeconfig is shown by the caller beside this one: it is text of a stranger.
 */
export function installHint(missing: string): Hint {
  const name = baseName(missing);
  if (Object.hasOwn(installs, name)) return installs[name] ?? { text: '' };
  return { text: `Install ${shown(name)}, or put its folder on the PATH of your login shell.` };
}

function shown(name: string): string {
  return baseName(name)
    .replace(/[^\x20-\x7e]/g, '?')
    .slice(0, 80);
}
