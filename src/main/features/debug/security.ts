/**
 * Whether a namespace's Pod Security level takes what a request makes, and which profile it would take.
 * From the standards themselves (domain/pss); versions and exemptions of the server are not known here,
 * so a verdict is a warning and the server has the last word.
 */
import { debugProfiles, type DebugRequest, type DebugSecurity } from '#shared/contract/debug';
import type { Fields, Profile } from '#shared/domain/debug/types';
import { podSecurity } from '#shared/domain/pss/evaluate';
import type { Level, PodSpec, Violation } from '#shared/domain/pss/types';
import { own } from '#shared/k8s/read';
import { make } from './make';
import type { WholePod } from './pod-facts';

const ENFORCE = 'pod-security.kubernetes.io/enforce';

/** Level that the labels of a namespace enforce; `privileged` where they say nothing. */
export function enforcedBy(labels: Readonly<Record<string, string>> | undefined): Level {
  const value = own(labels, ENFORCE);
  return value === 'baseline' || value === 'restricted' ? value : 'privileged';
}

/** Undefined: the level takes it. */
export function securityOf(
  request: DebugRequest,
  pod: WholePod | undefined,
  made: Fields,
  level: Level,
): DebugSecurity | undefined {
  const violations = against(made, level);
  if (violations.length === 0) return undefined;
  const passing = debugProfiles.filter((profile) => passes(request, pod, profile, level));
  return { level, violations, passing };
}

function passes(request: DebugRequest, pod: WholePod | undefined, profile: Profile, level: Level): boolean {
  try {
    return against(make(request, pod, profile).pod, level).length === 0;
  } catch {
    return false;
  }
}

function against(pod: Fields, level: Level): readonly Violation[] {
  if (level === 'privileged') return [];
  const metadata = pod['metadata'] as { annotations?: Record<string, string> } | undefined;
  const { violations } = podSecurity({
    annotations: metadata?.annotations ?? {},
    spec: (pod['spec'] ?? {}) as PodSpec,
  });
  return level === 'restricted' ? violations : violations.filter((one) => one.level === 'baseline');
}
