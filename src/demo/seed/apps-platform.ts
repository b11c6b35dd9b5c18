/** What the platform runs for itself: system, monitoring, ingress, certificates, delivery. */
import { container } from './builders';
import { day, planner, type Plan } from './plans';

export function platformPlans(): Plan[] {
  const plans: Plan[] = [];
  const { web, stateful, daemon } = planner(plans);
  const system = { namespace: 'kube-system', partOf: 'kube-system', priority: 'system-node-critical' };
  daemon({
    ...system,
    name: 'aws-node',
    image: 'eks.amazonaws.com/amazon-k8s-cni:v1.20.1',
    age: 61 * day,
    hostNetwork: true,
    cpu: '50m',
    memory: '64Mi',
  });
  daemon({
    ...system,
    name: 'kube-proxy',
    image: 'eks.amazonaws.com/kube-proxy:v1.34.0',
    age: 61 * day,
    hostNetwork: true,
    memory: '64Mi',
  });
  daemon({
    ...system,
    name: 'ebs-csi-node',
    image: 'eks.amazonaws.com/aws-ebs-csi-driver:v1.48.0',
    age: 61 * day,
    cpu: '10m',
    memory: '40Mi',
    sidecars: [container('node-driver-registrar', 'eks.amazonaws.com/csi-node-driver-registrar:v2.14.0')],
  });
  web({
    ...system,
    name: 'coredns',
    image: 'registry.k8s.io/coredns/coredns:v1.12.2',
    replicas: 2,
    age: 61 * day,
    port: 9153,
    servicePort: 53,
    memory: '70Mi',
    memoryLimit: '170Mi',
    config: 'coredns',
  });
  web({
    ...system,
    name: 'metrics-server',
    image: 'registry.k8s.io/metrics-server/metrics-server:v0.8.0',
    replicas: 2,
    age: 61 * day,
    port: 10251,
    servicePort: 443,
    memory: '200Mi',
  });
  web({
    ...system,
    name: 'cluster-autoscaler',
    image: 'registry.k8s.io/autoscaling/cluster-autoscaler:v1.34.0',
    age: 33 * day,
    memory: '300Mi',
    account: 'cluster-autoscaler',
  });
  web({
    ...system,
    name: 'ebs-csi-controller',
    image: 'eks.amazonaws.com/aws-ebs-csi-driver:v1.48.0',
    replicas: 2,
    age: 61 * day,
    sidecars: [
      container('csi-provisioner', 'eks.amazonaws.com/external-provisioner:v5.3.0'),
      container('csi-attacher', 'eks.amazonaws.com/external-attacher:v4.9.0'),
    ],
  });

  const mon = { namespace: 'monitoring' };
  daemon({
    ...mon,
    name: 'node-exporter',
    image: 'quay.io/prometheus/node-exporter:v1.9.1',
    age: 58 * day,
    hostNetwork: true,
    port: 9100,
    servicePort: 9100,
    cpu: '20m',
    memory: '32Mi',
    memoryLimit: '64Mi',
  });
  stateful({
    ...mon,
    name: 'prometheus',
    image: 'quay.io/prometheus/prometheus:v3.5.0',
    replicas: 2,
    age: 58 * day,
    port: 9090,
    servicePort: 9090,
    cpu: '1',
    memory: '4Gi',
    memoryLimit: '6Gi',
    storage: '200Gi',
    account: 'prometheus',
  });
  stateful({
    ...mon,
    name: 'alertmanager',
    image: 'quay.io/prometheus/alertmanager:v0.28.1',
    replicas: 3,
    age: 58 * day,
    port: 9093,
    servicePort: 9093,
    storage: '5Gi',
  });
  web({
    ...mon,
    name: 'grafana',
    image: 'docker.io/grafana/grafana:12.1.1',
    age: 21 * day,
    port: 3000,
    servicePort: 80,
    memory: '256Mi',
    memoryLimit: '512Mi',
    config: 'grafana-ini',
    secret: 'grafana-admin',
  });
  web({
    ...mon,
    name: 'kube-state-metrics',
    image: 'registry.k8s.io/kube-state-metrics/kube-state-metrics:v2.16.0',
    age: 58 * day,
    port: 8080,
    servicePort: 8080,
    account: 'kube-state-metrics',
  });
  stateful({
    ...mon,
    name: 'loki',
    image: 'docker.io/grafana/loki:3.5.3',
    replicas: 2,
    age: 40 * day,
    port: 3100,
    servicePort: 3100,
    memory: '1Gi',
    memoryLimit: '2Gi',
    storage: '100Gi',
  });

  web({
    namespace: 'ingress-nginx',
    name: 'ingress-nginx-controller',
    image: 'registry.k8s.io/ingress-nginx/controller:v1.13.2',
    replicas: 3,
    age: 61 * day,
    port: 443,
    servicePort: 443,
    serviceExtra: { type: 'LoadBalancer', externalTrafficPolicy: 'Local' },
    cpu: '200m',
    memory: '256Mi',
    memoryLimit: '512Mi',
  });
  web({
    namespace: 'cert-manager',
    name: 'cert-manager',
    image: 'quay.io/jetstack/cert-manager-controller:v1.18.2',
    age: 61 * day,
    servicePort: 9402,
    port: 9402,
  });
  web({
    namespace: 'cert-manager',
    name: 'cert-manager-webhook',
    image: 'quay.io/jetstack/cert-manager-webhook:v1.18.2',
    age: 61 * day,
    servicePort: 443,
    port: 10250,
  });
  web({
    namespace: 'argocd',
    name: 'argocd-server',
    image: 'quay.io/argoproj/argocd:v3.1.5',
    replicas: 2,
    age: 33 * day,
    port: 8080,
    servicePort: 80,
  });
  stateful({
    namespace: 'argocd',
    name: 'argocd-application-controller',
    image: 'quay.io/argoproj/argocd:v3.1.5',
    age: 33 * day,
    memory: '512Mi',
    memoryLimit: '1Gi',
  });
  return plans;
}
