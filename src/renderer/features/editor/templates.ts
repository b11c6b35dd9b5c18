/** Starting points of our own: complete, small, valid; what must be filled in is called `my-…`. */

export interface Template {
  readonly kind: string;
  readonly text: string;
}

const meta = (name: string, more = ''): string => `metadata:\n  name: ${name}\n${more}`;
const container = (pad: string, more = ''): string =>
  [
    'containers:',
    '  - name: main',
    '    image: my-image:1.0',
    '    resources:',
    '      requests:',
    '        cpu: 100m',
    '        memory: 128Mi',
    '      limits:',
    '        memory: 128Mi',
    ...more.split('\n').filter(Boolean),
  ]
    .map((line) => pad + line)
    .join('\n');
const labelled = (pad: string): string => `${pad}metadata:\n${pad}  labels:\n${pad}    app: my-app\n`;
const selector = '  selector:\n    matchLabels:\n      app: my-app\n';

export const templates: readonly Template[] = [
  {
    kind: 'Deployment',
    text: `apiVersion: apps/v1
kind: Deployment
${meta('my-app')}spec:
  replicas: 2
${selector}  template:
${labelled('    ')}    spec:
${container('      ', '    ports:\n      - containerPort: 8080\n    readinessProbe:\n      httpGet:\n        path: /\n        port: 8080')}
`,
  },
  {
    kind: 'StatefulSet',
    text: `apiVersion: apps/v1
kind: StatefulSet
${meta('my-app')}spec:
  serviceName: my-app
  replicas: 1
${selector}  template:
${labelled('    ')}    spec:
${container('      ', '    volumeMounts:\n      - name: data\n        mountPath: /data')}
  volumeClaimTemplates:
    - metadata:
        name: data
      spec:
        accessModes: [ReadWriteOnce]
        resources:
          requests:
            storage: 1Gi
`,
  },
  {
    kind: 'DaemonSet',
    text: `apiVersion: apps/v1
kind: DaemonSet
${meta('my-agent')}spec:
${selector}  template:
${labelled('    ')}    spec:
${container('      ')}
`,
  },
  {
    kind: 'Job',
    text: `apiVersion: batch/v1
kind: Job
${meta('my-job')}spec:
  backoffLimit: 3
  ttlSecondsAfterFinished: 3600
  template:
    spec:
      restartPolicy: Never
${container('      ', '    command: ["sh", "-c", "echo done"]')}
`,
  },
  {
    kind: 'CronJob',
    text: `apiVersion: batch/v1
kind: CronJob
${meta('my-job')}spec:
  schedule: "0 3 * * *"
  concurrencyPolicy: Forbid
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
${container('          ', '    command: ["sh", "-c", "echo done"]')}
`,
  },
  { kind: 'Pod', text: `apiVersion: v1\nkind: Pod\n${meta('my-pod')}spec:\n${container('  ')}\n` },
  {
    kind: 'Service',
    text: `apiVersion: v1
kind: Service
${meta('my-app')}spec:
  selector:
    app: my-app
  ports:
    - name: http
      port: 80
      targetPort: 8080
`,
  },
  {
    kind: 'Ingress',
    text: `apiVersion: networking.k8s.io/v1
kind: Ingress
${meta('my-app')}spec:
  rules:
    - host: my-app.example.com
      http:
        paths:
          - path: /
            pathType: Prefix
            backend:
              service:
                name: my-app
                port:
                  name: http
`,
  },
  {
    kind: 'NetworkPolicy',
    text: `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
${meta('my-app')}spec:
  podSelector:
    matchLabels:
      app: my-app
  policyTypes: [Ingress]
  ingress:
    - from:
        - podSelector:
            matchLabels:
              app: my-client
      ports:
        - port: 8080
`,
  },
  { kind: 'ConfigMap', text: `apiVersion: v1\nkind: ConfigMap\n${meta('my-config')}data:\n  key: value\n` },
  {
    kind: 'Secret',
    text: `apiVersion: v1\nkind: Secret\n${meta('my-secret')}type: Opaque\nstringData:\n  password: my-password\n`,
  },
  {
    kind: 'PersistentVolumeClaim',
    text: `apiVersion: v1
kind: PersistentVolumeClaim
${meta('my-data')}spec:
  accessModes: [ReadWriteOnce]
  resources:
    requests:
      storage: 1Gi
`,
  },
  {
    kind: 'HorizontalPodAutoscaler',
    text: `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
${meta('my-app')}spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: my-app
  minReplicas: 2
  maxReplicas: 5
  metrics:
    - type: Resource
      resource:
        name: cpu
        target:
          type: Utilization
          averageUtilization: 80
`,
  },
  {
    kind: 'PodDisruptionBudget',
    text: `apiVersion: policy/v1\nkind: PodDisruptionBudget\n${meta('my-app')}spec:\n  maxUnavailable: 1\n${selector}`,
  },
  { kind: 'ServiceAccount', text: `apiVersion: v1\nkind: ServiceAccount\n${meta('my-app')}` },
  {
    kind: 'Role',
    text: `apiVersion: rbac.authorization.k8s.io/v1
kind: Role
${meta('my-role')}rules:
  - apiGroups: [""]
    resources: [pods, pods/log]
    verbs: [get, list, watch]
`,
  },
  {
    kind: 'RoleBinding',
    text: `apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
${meta('my-role')}roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: Role
  name: my-role
subjects:
  - kind: ServiceAccount
    name: my-app
`,
  },
  {
    kind: 'ResourceQuota',
    text: `apiVersion: v1\nkind: ResourceQuota\n${meta('my-quota')}spec:\n  hard:\n    pods: "20"\n    requests.cpu: "4"\n    requests.memory: 8Gi\n`,
  },
  { kind: 'Namespace', text: `apiVersion: v1\nkind: Namespace\n${meta('my-namespace')}` },
];
