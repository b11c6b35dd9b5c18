/** The controls of the Baseline level, by the published Pod Security Standards (up to 1.34). */
import { entries, items, strings } from '../../k8s/read';
import type { Placed, Report, SecuredPod, SecurityContext } from './types';

const capabilities = new Set([
  'AUDIT_WRITE',
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'MKNOD',
  'NET_BIND_SERVICE',
  'SETFCAP',
  'SETGID',
  'SETPCAP',
  'SETUID',
  'SYS_CHROOT',
]);

const sysctls = new Set([
  'kernel.shm_rmid_forced',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.ip_unprivileged_port_start',
  'net.ipv4.tcp_syncookies',
  'net.ipv4.ping_group_range',
  'net.ipv4.ip_local_reserved_ports',
  'net.ipv4.tcp_keepalive_time',
  'net.ipv4.tcp_fin_timeout',
  'net.ipv4.tcp_keepalive_intvl',
  'net.ipv4.tcp_keepalive_probes',
  'net.ipv4.tcp_rmem',
  'net.ipv4.tcp_wmem',
]);

const seLinuxTypes = new Set([
  '',
  'container_t',
  'container_init_t',
  'container_kvm_t',
  'container_engine_t',
]);

const APPARMOR_ANNOTATION = 'container.apparmor.security.beta.kubernetes.io/';

export function checkBaseline(pod: SecuredPod, containers: readonly Placed[], report: Report): void {
  const { spec } = pod;
  for (const field of ['hostNetwork', 'hostPID', 'hostIPC'] as const) {
    if (spec[field]) report('Host namespaces', `spec.${field}`, true);
  }
  items(spec.volumes).forEach((volume, at) => {
    if (volume.hostPath !== undefined && volume.hostPath !== null) {
      report('HostPath volumes', `spec.volumes[${String(volume.name ?? at)}].hostPath`, 'hostPath');
    }
  });
  for (const { name } of items(spec.securityContext?.sysctls)) {
    if (!sysctls.has(name ?? '')) report('Sysctls', 'spec.securityContext.sysctls', name);
  }
  for (const [key, value] of entries(pod.annotations)) {
    const allowed = value === '' || value === 'runtime/default' || value.startsWith('localhost/');
    if (key.startsWith(APPARMOR_ANNOTATION) && !allowed) {
      report('AppArmor', `metadata.annotations[${key}]`, value);
    }
  }
  shared(spec.securityContext, 'spec.securityContext', report);
  for (const placed of containers) checkContainer(placed, report);
}

/** Fields that pods and containers both have. */
function shared(context: SecurityContext | undefined, path: string, report: Report): void {
  if (!context) return;
  if (context.windowsOptions?.hostProcess) report('HostProcess', `${path}.windowsOptions.hostProcess`, true);
  const { seLinuxOptions: selinux, appArmorProfile, seccompProfile } = context;
  if (!seLinuxTypes.has(selinux?.type ?? '')) report('SELinux', `${path}.seLinuxOptions.type`, selinux?.type);
  if (selinux?.user) report('SELinux', `${path}.seLinuxOptions.user`, selinux.user);
  if (selinux?.role) report('SELinux', `${path}.seLinuxOptions.role`, selinux.role);
  const apparmor = appArmorProfile?.type;
  if (apparmor && apparmor !== 'RuntimeDefault' && apparmor !== 'Localhost') {
    report('AppArmor', `${path}.appArmorProfile.type`, apparmor);
  }
  const seccomp = seccompProfile?.type;
  if (seccomp && seccomp !== 'RuntimeDefault' && seccomp !== 'Localhost') {
    report('Seccomp', `${path}.seccompProfile.type`, seccomp);
  }
}

function checkContainer({ container, path }: Placed, report: Report): void {
  const context = container.securityContext;
  const at = `${path}.securityContext`;
  shared(context, at, report);
  if (context?.privileged) report('Privileged containers', `${at}.privileged`, true);
  for (const name of strings(context?.capabilities?.add)) {
    if (!capabilities.has(name)) report('Capabilities', `${at}.capabilities.add`, name);
  }
  if (context?.procMount && context.procMount !== 'Default') {
    report('/proc mount type', `${at}.procMount`, context.procMount);
  }
  for (const { hostPort } of items(container.ports)) {
    if (hostPort) report('Host ports', `${path}.ports.hostPort`, hostPort);
  }
  const handlers = {
    livenessProbe: container.livenessProbe,
    readinessProbe: container.readinessProbe,
    startupProbe: container.startupProbe,
    'lifecycle.postStart': container.lifecycle?.postStart,
    'lifecycle.preStop': container.lifecycle?.preStop,
  };
  for (const [name, handler] of Object.entries(handlers)) {
    for (const action of ['httpGet', 'tcpSocket'] as const) {
      const host = handler?.[action]?.host;
      if (host) report('Host probes and lifecycle hooks', `${path}.${name}.${action}.host`, host);
    }
  }
}
