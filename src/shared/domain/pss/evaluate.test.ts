import { describe, expect, it } from 'vitest';
import { podSecurity } from './evaluate';
import type { Container, PodSpec, SecurityContext } from './types';

const strict: SecurityContext = {
  allowPrivilegeEscalation: false,
  runAsNonRoot: true,
  capabilities: { drop: ['ALL'] },
  seccompProfile: { type: 'RuntimeDefault' },
};

function judge(spec: PodSpec, annotations: Record<string, string> = {}) {
  const { level, violations } = podSecurity({ annotations, spec });
  return { level, controls: [...new Set(violations.map((one) => one.control))] };
}

const withContainer = (context: SecurityContext, more: Container = {}): PodSpec => ({
  containers: [{ name: 'app', ...more, securityContext: { ...strict, ...context } }],
});

describe('podSecurity', () => {
  it('takes a strict pod as restricted and a plain one as baseline', () => {
    expect(judge(withContainer({}))).toEqual({ level: 'restricted', controls: [] });
    expect(judge({ containers: [{ name: 'app' }] })).toEqual({
      level: 'baseline',
      controls: ['Running as non-root', 'Privilege escalation', 'Seccomp', 'Capabilities'],
    });
  });

  const privileged: [string, PodSpec, Record<string, string>?][] = [
    ['Host namespaces', { hostNetwork: true, ...withContainer({}) }],
    ['Host namespaces', { hostPID: true, ...withContainer({}) }],
    ['Host namespaces', { hostIPC: true, ...withContainer({}) }],
    ['Privileged containers', withContainer({ privileged: true })],
    ['Capabilities', withContainer({ capabilities: { add: ['SYS_ADMIN'], drop: ['ALL'] } })],
    ['Host ports', withContainer({}, { ports: [{ hostPort: 80 }] })],
    ['AppArmor', withContainer({ appArmorProfile: { type: 'Unconfined' } })],
    ['AppArmor', withContainer({}), { 'container.apparmor.security.beta.kubernetes.io/app': 'unconfined' }],
    ['SELinux', withContainer({ seLinuxOptions: { type: 'spc_t' } })],
    ['SELinux', withContainer({ seLinuxOptions: { role: 'sysadm_r' } })],
    ['/proc mount type', withContainer({ procMount: 'Unmasked' })],
    ['Seccomp', withContainer({ seccompProfile: { type: 'Unconfined' } })],
    ['Sysctls', { ...withContainer({}), securityContext: { sysctls: [{ name: 'kernel.msgmax' }] } }],
    ['HostProcess', withContainer({ windowsOptions: { hostProcess: true } })],
    [
      'Host probes and lifecycle hooks',
      withContainer({}, { livenessProbe: { httpGet: { host: '10.0.0.1' } } }),
    ],
    [
      'Host probes and lifecycle hooks',
      withContainer({}, { lifecycle: { preStop: { tcpSocket: { host: 'x' } } } }),
    ],
  ];
  it.each(privileged)('%s is beyond baseline (%#)', (control, spec, annotations) => {
    const verdict = judge(spec, annotations);
    expect(verdict.level).toBe('privileged');
    expect(verdict.controls).toContain(control);
  });

  const baseline: [string, PodSpec][] = [
    ['Volume types', { ...withContainer({}), volumes: [{ name: 'v', nfs: { server: 'x' } }] }],
    ['Privilege escalation', withContainer({ allowPrivilegeEscalation: undefined })],
    ['Running as non-root', withContainer({ runAsNonRoot: undefined })],
    [
      'Running as non-root',
      { ...withContainer({ runAsNonRoot: false }), securityContext: { runAsNonRoot: true } },
    ],
    ['Running as non-root user', withContainer({ runAsUser: 0 })],
    ['Seccomp', withContainer({ seccompProfile: undefined })],
    ['Capabilities', withContainer({ capabilities: { drop: ['NET_RAW'] } })],
    ['Capabilities', withContainer({ capabilities: { drop: ['ALL'], add: ['CHOWN'] } })],
  ];
  it.each(baseline)('%s is beyond restricted only (%#)', (control, spec) => {
    expect(judge(spec)).toEqual({ level: 'baseline', controls: [control] });
  });

  const restricted: [string, PodSpec][] = [
    ['bind below 1024', withContainer({ capabilities: { drop: ['ALL'], add: ['NET_BIND_SERVICE'] } })],
    [
      'allowed sysctl',
      { ...withContainer({}), securityContext: { sysctls: [{ name: 'net.ipv4.tcp_syncookies' }] } },
    ],
    [
      'allowed volumes',
      {
        ...withContainer({}),
        volumes: [
          { name: 'a', emptyDir: {} },
          { name: 'b', csi: {} },
        ],
      },
    ],
    [
      'seccomp by the pod',
      {
        ...withContainer({ seccompProfile: undefined }),
        securityContext: { seccompProfile: { type: 'Localhost' } },
      },
    ],
    [
      'non-root by the pod',
      { ...withContainer({ runAsNonRoot: undefined }), securityContext: { runAsNonRoot: true } },
    ],
    [
      'Windows',
      { os: { name: 'windows' }, containers: [{ name: 'app', securityContext: { runAsNonRoot: true } }] },
    ],
  ];
  it.each(restricted)('%s stays restricted', (_, spec) => {
    expect(judge(spec)).toEqual({ level: 'restricted', controls: [] });
  });

  it('hostPath is beyond baseline, also in init and ephemeral containers other faults count', () => {
    expect(judge({ ...withContainer({}), volumes: [{ name: 'h', hostPath: { path: '/' } }] }).level).toBe(
      'privileged',
    );
    const init = {
      ...withContainer({}),
      initContainers: [{ name: 'i', securityContext: { privileged: true } }],
    };
    expect(judge(init).level).toBe('privileged');
    const debug = { ...withContainer({}), ephemeralContainers: [{ name: 'd' }] };
    expect(judge(debug).level).toBe('baseline');
  });

  it('takes null for not set, and reads no lists out of what is none', () => {
    const nulls = { runAsNonRoot: null, seccompProfile: null, capabilities: null } as never;
    expect(judge(withContainer(nulls)).controls).toEqual(['Running as non-root', 'Seccomp', 'Capabilities']);
    const odd = {
      containers: [null, 'a', { name: 'app', ports: {}, securityContext: strict }],
      volumes: 'x',
    };
    expect(judge(odd as never)).toEqual({ level: 'restricted', controls: [] });
  });

  it('excuses Windows pods from what Linux alone has, and from nothing else', () => {
    const windows = { os: { name: 'windows' } };
    const root = { ...windows, containers: [{ name: 'a', securityContext: { runAsUser: 0 } }] };
    expect(judge(root).controls).toEqual(['Running as non-root', 'Running as non-root user']);
    const host = { ...windows, securityContext: { windowsOptions: { hostProcess: true } }, containers: [] };
    expect(judge(host).level).toBe('privileged');
    const named = {
      ...windows,
      containers: [
        { name: 'a', securityContext: { runAsNonRoot: true, windowsOptions: { runAsUserName: 'Bob' } } },
      ],
    };
    expect(judge(named as PodSpec).level).toBe('restricted');
  });
});
