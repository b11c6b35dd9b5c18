/**
 * What each profile of `kubectl debug` sets, by way (rules/debug, section 3). Changes the objects it
 * is given, which are fresh copies; never reads anything else.
 */
import type { CopyOptions, Fields, Profile } from './types';

const fields = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};

const list = (value: unknown): Fields[] => (Array.isArray(value) ? value.map(fields) : []);

export function applyToEphemeral(profile: Profile, container: Fields): void {
  applySecurity(profile, container, 'ephemeral');
}

export function applyToCopy(
  profile: Profile,
  pod: { metadata: Fields; spec: Fields },
  container: Fields,
  keep: CopyOptions['keep'] = {},
): void {
  const { metadata, spec } = pod;
  if (profile === 'legacy') {
    delete metadata['labels'];
    return;
  }
  if (!keep.labels) delete metadata['labels'];
  if (!keep.annotations) delete metadata['annotations'];
  // Those of init containers stay, sidecars included: so does kubectl.
  for (const each of list(spec['containers'])) {
    if (!keep.liveness) delete each['livenessProbe'];
    if (!keep.readiness) delete each['readinessProbe'];
    if (!keep.startup) delete each['startupProbe'];
  }
  if (keep.initContainers === false) delete spec['initContainers'];
  applySecurity(profile, container, 'copy');
  spec['shareProcessNamespace'] ??= true;
}

const HOST_ROOT = 'host-root';

export function applyToNode(profile: Profile, spec: Fields, container: Fields): void {
  if (profile === 'legacy' || profile === 'general' || profile === 'sysadmin') {
    spec['volumes'] = [...list(spec['volumes']), { name: HOST_ROOT, hostPath: { path: '/' } }];
    container['volumeMounts'] = [...list(container['volumeMounts']), { name: HOST_ROOT, mountPath: '/host' }];
  }
  if (profile !== 'baseline' && profile !== 'restricted') {
    Object.assign(spec, { hostNetwork: true, hostPID: true, hostIPC: true });
  }
  applySecurity(profile, container, 'node');
}

function applySecurity(profile: Profile, container: Fields, way: 'ephemeral' | 'copy' | 'node'): void {
  switch (profile) {
    case 'legacy':
      return;
    case 'general':
      if (way === 'node') delete container['securityContext'];
      else addCapabilities(container, 'SYS_PTRACE');
      return;
    case 'baseline':
      delete container['securityContext'];
      return;
    case 'restricted':
      container['securityContext'] = {
        runAsNonRoot: true,
        capabilities: { drop: ['ALL'] },
        allowPrivilegeEscalation: false,
        seccompProfile: { type: 'RuntimeDefault' },
      };
      return;
    case 'netadmin':
      addCapabilities(container, 'NET_ADMIN', 'NET_RAW');
      return;
    case 'sysadmin':
      container['securityContext'] = { ...fields(container['securityContext']), privileged: true };
  }
}

function addCapabilities(container: Fields, ...names: string[]): void {
  const security = fields(container['securityContext']);
  const capabilities = fields(security['capabilities']);
  const had: unknown[] = Array.isArray(capabilities['add']) ? capabilities['add'] : [];
  // Appended even where it is there already: so does kubectl, and the server does not mind.
  const add = [...had, ...names];
  container['securityContext'] = { ...security, capabilities: { ...capabilities, add } };
}
