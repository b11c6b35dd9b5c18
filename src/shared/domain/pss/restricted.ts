/** The controls that the Restricted level adds to Baseline. Windows pods are excused where the standard says so. */
import { items, strings } from '../../k8s/read';
import type { Placed, Report, SecuredPod } from './types';

const volumeTypes = new Set([
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'persistentVolumeClaim',
  'projected',
  'secret',
]);

export function checkRestricted(pod: SecuredPod, containers: readonly Placed[], report: Report): void {
  const { spec } = pod;
  const windows = spec.os?.name === 'windows';
  items(spec.volumes).forEach((volume, at) => {
    const type = Object.keys(volume).find((key) => key !== 'name' && volume[key] != null);
    // A volume without a source is an emptyDir by default.
    if (type && !volumeTypes.has(type))
      report('Volume types', `spec.volumes[${String(volume.name ?? at)}]`, type);
  });
  const context = spec.securityContext;
  if (context?.runAsUser === 0) report('Running as non-root user', 'spec.securityContext.runAsUser', 0);
  if (context?.runAsNonRoot === false) {
    report('Running as non-root', 'spec.securityContext.runAsNonRoot', false);
  }
  for (const placed of containers) {
    nonRoot(placed, context?.runAsNonRoot, report);
    if (!windows) linuxOnly(placed, context?.seccompProfile?.type, report);
  }
}

function nonRoot({ container, path }: Placed, byPod: boolean | undefined, report: Report): void {
  const { runAsNonRoot, runAsUser } = container.securityContext ?? {};
  const at = `${path}.securityContext`;
  // `null` is not set, as for the server.
  if (runAsNonRoot === false || (runAsNonRoot !== true && byPod !== true)) {
    report('Running as non-root', `${at}.runAsNonRoot`, runAsNonRoot ?? undefined);
  }
  if (runAsUser === 0) report('Running as non-root user', `${at}.runAsUser`, 0);
}

function linuxOnly({ container, path }: Placed, seccompByPod: string | undefined, report: Report): void {
  const context = container.securityContext;
  const at = `${path}.securityContext`;
  if (context?.allowPrivilegeEscalation !== false) {
    report(
      'Privilege escalation',
      `${at}.allowPrivilegeEscalation`,
      context?.allowPrivilegeEscalation ?? undefined,
    );
  }
  const seccomp = context?.seccompProfile?.type ?? seccompByPod;
  // Unconfined is refused by Baseline already; here the profile must be set at all.
  if (!seccomp) report('Seccomp', `${at}.seccompProfile.type`, undefined);
  const dropped = strings(context?.capabilities?.drop);
  if (!dropped.includes('ALL')) {
    report('Capabilities', `${at}.capabilities.drop`, dropped.length > 0 ? dropped.join(',') : undefined);
  }
  for (const name of strings(context?.capabilities?.add)) {
    if (name !== 'NET_BIND_SERVICE') report('Capabilities', `${at}.capabilities.add`, name);
  }
}
