/** The kubeconfig of a demo cluster as YAML text; JSON strings are YAML strings. */

export interface KubeconfigParts {
  readonly server: string;
  readonly caPem: string;
  readonly token: string;
  readonly user?: string;
  readonly namespace?: string;
  readonly context?: string;
}

export function kubeconfigText(parts: KubeconfigParts): string {
  const context = JSON.stringify(parts.context ?? 'demo');
  const user = JSON.stringify(parts.user ?? 'demo-admin');
  return `apiVersion: v1
kind: Config
current-context: ${context}
clusters:
  - name: ${context}
    cluster:
      server: ${JSON.stringify(parts.server)}
      certificate-authority-data: ${Buffer.from(parts.caPem).toString('base64')}
contexts:
  - name: ${context}
    context:
      cluster: ${context}
      user: ${user}
${parts.namespace === undefined ? '' : `      namespace: ${JSON.stringify(parts.namespace)}\n`}users:
  - name: ${user}
    user:
      token: ${JSON.stringify(parts.token)}
`;
}
