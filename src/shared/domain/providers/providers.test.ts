import { describe, expect, it } from 'vitest';
import { installHint, signInHint, type HintInput } from './hints';
import { recognise, type Provider, type ProviderInput } from './recognise';

const input = (more: Partial<ProviderInput>): ProviderInput => ({
  context: more.context ?? more.cluster ?? 'x',
  cluster: 'x',
  user: 'x',
  server: 'https://10.0.0.1:6443',
  ...more,
});
const exec = (line: string): { command: string; args: string[] } => {
  const [command = '', ...args] = line.split(' ');
  return { command, args };
};

describe('recognise', () => {
  it.each<[string, Partial<ProviderInput>, Partial<Provider>]>([
    ['EKS arn', { cluster: 'arn:aws:eks:eu-west-1:123456789012:cluster/shop' }, { id: 'eks', label: 'EKS', region: 'eu-west-1', account: '123456789012', cluster: 'shop' }],
    ['EKS China', { cluster: 'arn:aws-cn:eks:cn-north-1:1:cluster/a/b' }, { id: 'eks', region: 'cn-north-1', cluster: 'a/b' }],
    ['eksctl', { cluster: 'shop.us-east-1.eksctl.io' }, { id: 'eks', region: 'us-east-1', cluster: 'shop' }],
    ['EKS plugin', { exec: exec('/opt/homebrew/bin/aws --region us-gov-west-1 eks get-token --cluster-name shop') }, { id: 'eks', region: 'us-gov-west-1', cluster: 'shop' }],
    ['EKS host', { server: 'https://0A.gr7.ap-south-1.eks.amazonaws.com' }, { id: 'eks', region: 'ap-south-1' }],
    ['EKS version', { gitVersion: 'v1.33.4-eks-99d6cc0' }, { id: 'eks' }],
    ['GKE', { cluster: 'gke_my-project_europe-west1-b_a_b' }, { id: 'gke', project: 'my-project', region: 'europe-west1-b', cluster: 'a_b' }],
    ['GKE plugin', { exec: exec('gke-gcloud-auth-plugin.exe') }, { id: 'gke', label: 'GKE' }],
    ['GKE version', { gitVersion: 'v1.33.2-gke.1240000' }, { id: 'gke' }],
    ['AKS', { cluster: 'shop', user: 'clusterUser_rg_shop_shop', server: 'https://d-1.hcp.westeurope.azmk8s.io:443' }, { id: 'aks', region: 'westeurope', project: 'rg_shop', cluster: 'shop' }],
    ['AKS plugin', { exec: exec('kubelogin get-token --server-id 6d --login azurecli') }, { id: 'aks' }],
    ['kubelogin of OIDC', { exec: exec('kubelogin get-token --oidc-issuer-url https://x') }, { id: 'unknown', label: '' }],
    ['minikube', { cluster: 'minikube' }, { id: 'minikube' }],
    ['minikube profile', { cluster: 'dev', extension: 'minikube.sigs.k8s.io' }, { id: 'minikube', cluster: 'dev' }],
    ['kind', { cluster: 'kind-shop' }, { id: 'kind', cluster: 'shop' }],
    ['k3d', { cluster: 'k3d-shop', gitVersion: 'v1.31.5+k3s1' }, { id: 'k3d', cluster: 'shop' }],
    ['K3s version', { gitVersion: 'v1.31.5+k3s1' }, { id: 'k3s' }],
    ['K3s names', { context: 'default', cluster: 'default', user: 'default' }, { id: 'k3s' }],
    ['RKE2', { gitVersion: 'v1.31.5+rke2r1' }, { id: 'rke2' }],
    ['OpenShift', { context: 'shop/api-ocp-example-com:6443/kube:admin', cluster: 'api-ocp-example-com:6443' }, { id: 'openshift', cluster: 'ocp' }],
    ['ROSA', { server: 'https://api.x.p1.openshiftapps.com:6443' }, { id: 'openshift' }],
    ['Rancher', { context: 'shop', server: 'https://rancher.example/k8s/clusters/c-m-1' }, { id: 'rancher', cluster: 'shop', account: 'rancher.example' }],
    ['DOKS', { cluster: 'do-fra1-shop' }, { id: 'doks', region: 'fra1', cluster: 'shop' }],
    ['Teleport', { exec: exec('/usr/local/bin/tsh kube credentials --kube-cluster=shop --teleport-cluster=t.example') }, { id: 'teleport', cluster: 'shop', account: 't.example' }],
    ['Docker Desktop', { cluster: 'docker-desktop' }, { id: 'docker-desktop' }],
    ['Rancher Desktop', { cluster: 'rancher-desktop', gitVersion: 'v1.31.5+k3s1' }, { id: 'rancher-desktop' }],
    ['Colima', { cluster: 'colima-work' }, { id: 'colima', cluster: 'work' }],
    ['OrbStack', { cluster: 'orbstack' }, { id: 'orbstack' }],
    ['MicroK8s', { cluster: 'microk8s-cluster' }, { id: 'microk8s' }],
    ['Linode', { cluster: 'lke12345', server: 'https://a.eu-central-1.linodelke.net:443' }, { id: 'linode', region: 'eu-central' }],
    ['OVH', { server: 'https://ab12.c1.gra9.k8s.ovh.net' }, { id: 'ovh', region: 'gra9' }],
    ['Scaleway', { server: 'https://u.api.k8s.fr-par.scw.cloud:6443' }, { id: 'scaleway', region: 'fr-par' }],
    ['IBM', { server: 'https://c100.eu-de.containers.cloud.ibm.com:30000' }, { id: 'ibm', region: 'eu-de' }],
    ['Oracle', { exec: exec('oci ce cluster generate-token --cluster-id ocid --region eu-frankfurt-1') }, { id: 'oracle', region: 'eu-frankfurt-1' }],
    ['Hetzner', { cluster: 'hetzner-prod' }, { id: 'hetzner' }],
    ['nothing', { server: 'no url', cluster: '' }, { id: 'unknown', label: '' }],
    ['a name in a host that is another', { server: 'https://eks.amazonaws.com.evil.example' }, { id: 'unknown' }],
    ['__proto__', { cluster: '__proto__', context: 'constructor' }, { id: 'unknown' }],
  ])('%s', (_, more, expected) => {
    expect(recognise(input(more))).toMatchObject(expected);
  });
}); // prettier-ignore

describe('hints', () => {
  const hint = (
    more: Partial<ProviderInput>,
    env: { name: string; value: string }[] = [],
  ): string | undefined => {
    const given = input(more);
    const asked: HintInput = {
      provider: recognise(given),
      context: given.context,
      server: given.server,
      ...(given.exec ? { exec: { ...given.exec, env } } : {}),
    };
    return signInHint(asked).command;
  };
  const aws = exec('aws eks get-token --cluster-name shop');
  it.each<[string | undefined, Partial<ProviderInput>, { name: string; value: string }[]?]>([
    ['aws sso login --profile shop', { exec: aws }, [{ name: 'AWS_PROFILE', value: 'shop' }]],
    ['aws sso login --profile a', { exec: exec('aws --profile a eks get-token') }],
    [`aws sso login --profile '$(x); '\\''y'`, { exec: aws }, [{ name: 'AWS_PROFILE', value: "$(x); 'y" }]],
    ['aws sso login', { exec: aws }, [{ name: 'AWS_PROFILE', value: '--endpoint-url=evil' }]],
    ['aws sso login', { exec: aws }, [{ name: 'AWS_PROFILE', value: 'a\nb' }]],
    ['gcloud auth login', { exec: exec('gke-gcloud-auth-plugin') }],
    [
      'az login --tenant t-1',
      { exec: exec('kubelogin get-token --server-id s -l azurecli --tenant-id t-1') },
    ],
    ['kubelogin remove-tokens', { exec: exec('kubelogin get-token --server-id s --login devicecode') }],
    ['oc login --web --server https://h:6443', { cluster: 'api-ocp-x:6443', server: 'https://h:6443' }],
    ['minikube start -p minikube', { cluster: 'minikube' }],
    ['kind export kubeconfig --name shop', { cluster: 'kind-shop' }],
    ['tsh login --proxy p:443 t', { exec: exec('tsh kube credentials --proxy=p:443 --teleport-cluster=t') }],
    [undefined, { exec: exec('/opt/own-login') }],
    [undefined, {}],
  ])('%s', (expected, more, env) => {
    expect(hint(more, env)).toBe(expected);
  });

  it.each([
    ['/usr/local/bin/gke-gcloud-auth-plugin', /Google Cloud/],
    ['kubelogin.exe', /kubelogin/],
    ['constructor', /Install constructor/],
  ])('tells how to get %s', (missing, words) => {
    expect(installHint(missing).text).toMatch(words);
  });
});
