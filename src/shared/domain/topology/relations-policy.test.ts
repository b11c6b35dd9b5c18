/** T36-T50, T53-T55: each with what it finds and what it must not. */
import { expect, it } from 'vitest';
import { edges, graphOf, labels, o, told } from './test-help';

const RBAC = 'rbac.authorization.k8s.io';
const ADM = 'admissionregistration.k8s.io';
const pod = (path: string, map: Record<string, string> = {}, meta = {}): unknown =>
  o('Pod', path, {}, { ...labels(map), ...meta });
const ns = (name: string, map: Record<string, string> = {}): unknown => o('Namespace', name, {}, labels(map));

it('T36 scales the target of its group and measures objects', () => {
  const h = (apiVersion: string): unknown =>
    o('HorizontalPodAutoscaler.autoscaling', 'a/h', {
      spec: {
        scaleTargetRef: { apiVersion, kind: 'Deployment', name: 'web' },
        metrics: [{ object: { describedObject: { apiVersion: 'v1', kind: 'Service', name: 's' } } }],
      },
    });
  const there = [o('Deployment.apps', 'a/web'), o('Deployment.apps', 'b/web')];
  expect(edges('T36', h('apps/v1'), ...there)).toEqual([
    'HorizontalPodAutoscaler/a/h measures Service/a/s (missing)',
    'HorizontalPodAutoscaler/a/h scales Deployment/a/web',
  ]);
  expect(edges('T36', h('example.com/v1'), ...there)[1]).toBe(
    'HorizontalPodAutoscaler/a/h scales Deployment/a/web (missing)',
  );
});

it('T37 scales with VPA and KEDA', () => {
  const v = o('VerticalPodAutoscaler.autoscaling.k8s.io', 'a/v', {
    spec: { targetRef: { apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'db' } },
  });
  const k = o('ScaledObject.keda.sh', 'a/k', {
    spec: {
      scaleTargetRef: { name: 'web' },
      triggers: [
        { authenticationRef: { name: 't' } },
        { authenticationRef: { kind: 'ClusterTriggerAuthentication', name: 'ct' } },
      ],
    },
  });
  expect(
    edges(
      'T37',
      v,
      k,
      o('Deployment.apps', 'a/web'),
      o('HorizontalPodAutoscaler.autoscaling', 'a/keda-hpa-k'),
      o('HorizontalPodAutoscaler.autoscaling', 'a/keda-hpa-k2'),
    ),
  ).toEqual([
    'ScaledObject/a/k authenticates-with ClusterTriggerAuthentication//ct (missing)',
    'ScaledObject/a/k authenticates-with TriggerAuthentication/a/t (missing)',
    'ScaledObject/a/k owns HorizontalPodAutoscaler/a/keda-hpa-k',
    'ScaledObject/a/k scales Deployment/a/web',
    'VerticalPodAutoscaler/a/v scales StatefulSet/a/db (missing)',
  ]);
});

it('T38 protects what the full selector means: {} all, null none', () => {
  const b = (selector: unknown): unknown => o('PodDisruptionBudget.policy', 'a/b', { spec: { selector } });
  const pods = [pod('a/p', { app: 'x' }), pod('a/q', { app: 'y' }), pod('b/p', { app: 'x' })];
  expect(
    edges('T38', b({ matchExpressions: [{ key: 'app', operator: 'In', values: ['x', 'z'] }] }), ...pods),
  ).toEqual(['PodDisruptionBudget/a/b protects Pod/a/p']);
  expect(edges('T38', b({}), ...pods)).toEqual([
    'PodDisruptionBudget/a/b protects Pod/a/p',
    'PodDisruptionBudget/a/b protects Pod/a/q',
  ]);
  expect(edges('T38', b(null), ...pods)).toEqual([]);
  expect(
    edges('T38', b({ matchExpressions: [{ key: 'app', operator: 'Wild', values: [] }] }), ...pods),
  ).toEqual([]);
});

it('T39 applies to pods of its namespace; peers are second class', () => {
  const p = o('NetworkPolicy.networking.k8s.io', 'a/n', {
    spec: {
      podSelector: { matchLabels: { app: 'x' } },
      ingress: [
        {
          from: [
            { podSelector: { matchLabels: { app: 'y' } }, namespaceSelector: { matchLabels: { team: 't' } } },
            { ipBlock: { cidr: '10.0.0.0/8' } },
          ],
        },
      ],
      egress: [{ to: [{ namespaceSelector: {} }] }],
    },
  });
  const graph = graphOf(
    p,
    ns('a'),
    ns('b', { team: 't' }),
    pod('a/p', { app: 'x' }),
    pod('b/p', { app: 'x' }),
    pod('b/y', { app: 'y' }),
    pod('a/y', { app: 'y' }),
  );
  const found = [...graph.edges()].filter((edge) => edge.rule === 'T39');
  expect(found.map((edge) => `${told(edge)}${edge.weak ? ' weak' : ''}`).sort()).toEqual([
    'NetworkPolicy/a/n allows-from Outside//10.0.0.0/8 weak',
    'NetworkPolicy/a/n allows-from Pod/b/y weak',
    'NetworkPolicy/a/n allows-to Namespace//a weak',
    'NetworkPolicy/a/n allows-to Namespace//b weak',
    'NetworkPolicy/a/n applies-to Pod/a/p',
  ]);
});

it('T40 applies to namespaces or pods of its subject', () => {
  const group = 'policy.networking.k8s.io';
  const byNs = o(`AdminNetworkPolicy.${group}`, 'x', {
    spec: { subject: { namespaces: { matchLabels: { team: 't' } } } },
  });
  const byPod = o(`BaselineAdminNetworkPolicy.${group}`, 'default', {
    spec: {
      subject: {
        pods: { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'b' } }, podSelector: {} },
      },
    },
  });
  expect(edges('T40', byNs, byPod, ns('a'), ns('b', { team: 't' }), pod('a/p'), pod('b/p'))).toEqual([
    'AdminNetworkPolicy//x applies-to Namespace//b',
    'BaselineAdminNetworkPolicy//default applies-to Pod/b/p',
  ]);
});

const binding = (kind: string, path: string, roleKind: string, subjects: unknown[] = []): unknown =>
  o(`${kind}.${RBAC}`, path, { roleRef: { apiGroup: RBAC, kind: roleKind, name: 'r' }, subjects });

it('T41 binds Roles of its namespace or ClusterRoles', () => {
  const roles = [o(`Role.${RBAC}`, 'a/r'), o(`Role.${RBAC}`, 'b/r'), o(`ClusterRole.${RBAC}`, 'r')];
  expect(edges('T41', binding('RoleBinding', 'a/x', 'Role'), ...roles)).toEqual([
    'RoleBinding/a/x grants-role Role/a/r',
  ]);
  expect(edges('T41', binding('RoleBinding', 'a/x', 'ClusterRole'), ...roles)).toEqual([
    'RoleBinding/a/x grants-role ClusterRole//r',
  ]);
  expect(edges('T41', binding('ClusterRoleBinding', 'x', 'Role'), ...roles)).toEqual([]);
});

it('T42 names users, groups and accounts; groups of accounts stand for them', () => {
  const accounts = [o('ServiceAccount', 'a/s'), o('ServiceAccount', 'b/s')];
  const b = binding('ClusterRoleBinding', 'x', 'ClusterRole', [
    { kind: 'User', name: 'jane' },
    { kind: 'Group', name: 'system:serviceaccounts:b' },
    { kind: 'ServiceAccount', name: 's' },
    { kind: 'Group', name: 'dev' },
  ]);
  expect(edges('T42', b, ...accounts)).toEqual(
    ['Group//dev', 'Group//system:serviceaccounts:b', 'ServiceAccount/b/s', 'User//jane'].map(
      (to) => `ClusterRoleBinding//x subject ${to}`,
    ),
  );
  expect(
    edges(
      'T42',
      binding('RoleBinding', 'a/x', 'Role', [{ kind: 'ServiceAccount', name: 's', namespace: 'b' }]),
      ...accounts,
    ),
  ).toEqual(['RoleBinding/a/x subject ServiceAccount/b/s']);
});

it('T43 aggregates other ClusterRoles by label', () => {
  const all = o(
    `ClusterRole.${RBAC}`,
    'all',
    { aggregationRule: { clusterRoleSelectors: [{ matchLabels: { into: 'all' } }] } },
    labels({ into: 'all' }),
  );
  expect(
    edges(
      'T43',
      all,
      o(`ClusterRole.${RBAC}`, 'part', {}, labels({ into: 'all' })),
      o(`ClusterRole.${RBAC}`, 'no', {}, labels({ into: 'x' })),
    ),
  ).toEqual(['ClusterRole//all aggregates ClusterRole//part']);
});

it('T44 allows named objects of its namespace, else the resource', () => {
  const rules = [
    { apiGroups: [''], resources: ['secrets'], resourceNames: ['key'], verbs: ['get'] },
    { apiGroups: ['apps'], resources: ['deployments'], verbs: ['*'] },
  ];
  const secrets = [o('Secret', 'a/key'), o('Secret', 'b/key'), o('Secret', 'a/other')];
  expect(edges('T44', o(`Role.${RBAC}`, 'a/r', { rules }), ...secrets)).toEqual([
    'Role/a/r allows Resource/a/deployments.apps',
    'Role/a/r allows Secret/a/key',
  ]);
  expect(edges('T44', o(`ClusterRole.${RBAC}`, 'r', { rules }), ...secrets)).toEqual([
    'ClusterRole//r allows Resource//deployments.apps',
    'ClusterRole//r allows Secret/a/key',
    'ClusterRole//r allows Secret/b/key',
  ]);
});

it('T45 calls the Service of its webhooks; a URL is none', () => {
  const w = o(`ValidatingWebhookConfiguration.${ADM}`, 'w', {
    webhooks: [
      {
        clientConfig: { service: { namespace: 'a', name: 's' } },
        namespaceSelector: { matchLabels: { on: 'y' } },
      },
      { clientConfig: { url: 'https://x' }, namespaceSelector: {} },
    ],
  });
  const graph = graphOf(w, o('Service', 'a/s'), o('Service', 'b/s'), ns('a', { on: 'y' }), ns('b'));
  const found = [...graph.edges()].filter((edge) => edge.rule === 'T45');
  expect(found.map(told).sort()).toEqual([
    'ValidatingWebhookConfiguration//w applies-to Namespace//a',
    'ValidatingWebhookConfiguration//w calls Service/a/s',
  ]);
  expect(found.find((edge) => edge.relation === 'calls')?.port).toBe('443');
});

it('T46 binds policies and their parameters', () => {
  const policy = o(`ValidatingAdmissionPolicy.${ADM}`, 'p', {
    spec: { paramKind: { apiVersion: 'v1', kind: 'ConfigMap' } },
  });
  const b = o(`ValidatingAdmissionPolicyBinding.${ADM}`, 'b', {
    spec: { policyName: 'p', paramRef: { name: 'c', namespace: 'a' } },
  });
  expect(edges('T46', policy, b, o('ConfigMap', 'a/c'), o('ConfigMap', 'b/c'), o('Secret', 'a/c'))).toEqual([
    'ValidatingAdmissionPolicy//p parameters ConfigMap/a/c',
    'ValidatingAdmissionPolicyBinding//b binds-policy ValidatingAdmissionPolicy//p',
    'ValidatingAdmissionPolicyBinding//b parameters ConfigMap/a/c',
  ]);
  expect(
    edges('T46', o(`ValidatingAdmissionPolicy.${ADM}`, 'p', { spec: {} }), b, o('ConfigMap', 'a/c')),
  ).toHaveLength(1);
});

it('T47 is served by a Service unless local', () => {
  const kind = 'APIService.apiregistration.k8s.io';
  expect(
    edges(
      'T47',
      o(kind, 'v1.x', { spec: { service: { namespace: 'a', name: 's', port: 8443 } } }),
      o(kind, 'v1.', { spec: { service: null } }),
      o('Service', 'a/s'),
    ),
  ).toEqual(['APIService//v1.x served-by Service/a/s']);
});

it('T48 defines the objects of its group, not those of its name', () => {
  const crd = o('CustomResourceDefinition.apiextensions.k8s.io', 'as.x.io', {
    spec: {
      group: 'x.io',
      names: { kind: 'A', plural: 'as' },
      conversion: { webhook: { clientConfig: { service: { namespace: 'a', name: 's' } } } },
    },
  });
  expect(edges('T48', crd, o('A.x.io', 'n/one'), o('A.y.io', 'n/two'), o('Service', 'a/s'))).toEqual([
    'CustomResourceDefinition//as.x.io converted-by Service/a/s',
    'CustomResourceDefinition//as.x.io defines A/n/one',
  ]);
});

it('T49 tells events of an object by uid first', () => {
  const event = (ref: object): unknown =>
    o('Event', 'a/e', {
      involvedObject: { apiVersion: 'v1', kind: 'Pod', namespace: 'a', name: 'p', ...ref },
    });
  expect(edges('T49', event({ uid: 'u1' }), pod('a/p', {}, { uid: 'u1' }))).toEqual([
    'Event/a/e about Pod/a/p',
  ]);
  expect(edges('T49', event({ uid: 'u0' }), pod('a/p', {}, { uid: 'u1' }))).toEqual([
    'Event/a/e about Pod/a/p (missing)',
  ]);
  expect(edges('T49', event({}), pod('a/p', {}, { uid: 'u1' }))).toEqual(['Event/a/e about Pod/a/p']);
  expect(
    edges(
      'T49',
      event({ uid: 'hash' }),
      pod('a/p', {}, { uid: 'u1', annotations: { 'kubernetes.io/config.mirror': 'hash' } }),
    ),
  ).toEqual(['Event/a/e about Pod/a/p']);
  expect(
    edges(
      'T49',
      o('Event', 'default/n', { involvedObject: { kind: 'Node', name: 'n', uid: 'n' } }),
      o('Node', 'n', {}, { uid: 'n1' }),
    ),
  ).toEqual(['Event/default/n about Node//n']);
  const e = o('Event.events.k8s.io', 'a/x', {
    regarding: { kind: 'Pod', name: 'p', namespace: 'a' },
    related: { kind: 'Node', name: 'n' },
  });
  expect(edges('T49', e)).toEqual([
    'Event/a/x about Pod/a/p (missing)',
    'Event/a/x related Node//n (missing)',
  ]);
});

it('T50 knows heartbeats and holders', () => {
  const lease = (path: string, holderIdentity: string): unknown =>
    o('Lease.coordination.k8s.io', path, { spec: { holderIdentity } });
  expect(edges('T50', lease('kube-node-lease/n', 'n'), o('Node', 'n'))).toEqual([
    'Lease/kube-node-lease/n held-by Node//n',
  ]);
  expect(edges('T50', lease('a/lock', 'p_123'), pod('a/p'), pod('b/p'))).toEqual([
    'Lease/a/lock held-by Pod/a/p',
  ]);
  expect(edges('T50', lease('a/lock', 'q'), pod('b/q'))).toEqual(['Lease/a/lock held-by Holder/a/q']);
});

it('T53 limits namespaces', () => {
  const q = o('ResourceQuota', 'a/q', {
    spec: {
      scopeSelector: {
        matchExpressions: [
          { scopeName: 'PriorityClass', operator: 'In', values: ['high'] },
          { scopeName: 'BestEffort', operator: 'Exists' },
        ],
      },
    },
  });
  expect(edges('T53', q, o('LimitRange', 'b/l'), ns('a'), ns('b'))).toEqual([
    'Namespace//a limited-by ResourceQuota/a/q',
    'Namespace//b limited-by LimitRange/b/l',
    'ResourceQuota/a/q scope PriorityClass//high (missing)',
  ]);
});

it('T54 knows who asked for a certificate', () => {
  const c = o('CertificateSigningRequest.certificates.k8s.io', 'c', {
    spec: { username: 'system:serviceaccount:a:s', groups: ['dev'], signerName: 'x.io/s' },
  });
  expect(edges('T54', c, o('ServiceAccount', 'a/s'), o('ServiceAccount', 'b/s'))).toEqual([
    'CertificateSigningRequest//c requested-by Group//dev',
    'CertificateSigningRequest//c requested-by ServiceAccount/a/s',
    'CertificateSigningRequest//c signer Signer//x.io/s',
  ]);
});

it('T55 puts flows on a level', () => {
  const kind = 'flowcontrol.apiserver.k8s.io';
  const f = o(`FlowSchema.${kind}`, 'f', {
    spec: {
      priorityLevelConfiguration: { name: 'l' },
      rules: [
        {
          subjects: [
            { kind: 'ServiceAccount', serviceAccount: { namespace: 'a', name: '*' } },
            { kind: 'User', user: { name: 'jane' } },
          ],
        },
      ],
    },
  });
  expect(
    edges(
      'T55',
      f,
      o(`PriorityLevelConfiguration.${kind}`, 'l'),
      o('ServiceAccount', 'a/s'),
      o('ServiceAccount', 'b/s'),
    ),
  ).toEqual([
    'FlowSchema//f priority-level PriorityLevelConfiguration//l',
    'FlowSchema//f subject ServiceAccount/a/s',
    'FlowSchema//f subject User//jane',
  ]);
});
