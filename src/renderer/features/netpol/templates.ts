/** Policies to start from, of our own writing. The namespace is filled in. */

export interface Template {
  readonly id: string;
  readonly title: string;
  readonly make: (namespace: string) => string;
}

const policy = (name: string, namespace: string, spec: string): string =>
  `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: ${name}\n  namespace: ${namespace}\nspec:\n${spec}`;

export const templates: readonly Template[] = [
  {
    id: 'deny-all',
    title: 'Default deny, ingress and egress',
    make: (namespace) =>
      policy('default-deny-all', namespace, '  podSelector: {}\n  policyTypes: [Ingress, Egress]\n'),
  },
  {
    id: 'deny-ingress',
    title: 'Default deny, ingress only',
    make: (namespace) =>
      policy('default-deny-ingress', namespace, '  podSelector: {}\n  policyTypes: [Ingress]\n'),
  },
  {
    id: 'dns',
    title: 'Allow DNS',
    make: (namespace) =>
      policy(
        'allow-dns',
        namespace,
        `  podSelector: {}
  policyTypes: [Egress]
  egress:
    - to:
        - namespaceSelector:
            matchLabels:
              kubernetes.io/metadata.name: kube-system
          podSelector:
            matchLabels:
              k8s-app: kube-dns
      ports:
        - { protocol: UDP, port: 53 }
        - { protocol: TCP, port: 53 }
`,
      ),
  },
  {
    id: 'same-namespace',
    title: 'Allow from the same namespace',
    make: (namespace) =>
      policy(
        'allow-same-namespace',
        namespace,
        '  podSelector: {}\n  policyTypes: [Ingress]\n  ingress:\n    - from:\n        - podSelector: {}\n',
      ),
  },
  {
    id: 'ingress-controller',
    title: 'Allow from the ingress controller',
    make: (namespace) =>
      policy(
        'allow-from-ingress-controller',
        namespace,
        `  podSelector: {}
  policyTypes: [Ingress]
  ingress:
    - from:
        # The namespace your ingress controller runs in.
        - namespaceSelector:
            matchLabels:
              kubernetes.io/metadata.name: ingress-nginx
`,
      ),
  },
];
