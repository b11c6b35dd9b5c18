/**
 * `kubectl debug`: what can be debugged how, what would be made, making it, and following it until
 * there is a process to attach to (`shell.open` with `attach`). Served by a cluster's host.
 * Every request carries `suffix`, the five characters that make its names unique, so that the person
 * who asks knows the names before anything exists.
 */
import { z } from 'zod';
import { call, slice, stream } from '../rpc/define';
import type { Profile } from '../domain/debug/types';
import type { Level, Violation } from '../domain/pss/types';

const name = z.string().min(1).max(253);
const text = z.string().max(4_096);

export const debugProfiles = ['general', 'baseline', 'restricted', 'netadmin', 'sysadmin', 'legacy'] as const;

const shared = {
  profile: z.enum(debugProfiles),
  /** A part of a container as JSON or YAML, laid over the profile. */
  custom: z.string().max(65_536).optional(),
  image: z.string().max(1_024).optional(),
  imagePullPolicy: z.enum(['Always', 'IfNotPresent', 'Never']).optional(),
  container: z.string().max(63).optional(),
  env: z
    .array(z.object({ name: z.string().min(1).max(253), value: z.string().max(32_768) }))
    .max(200)
    .optional(),
  command: z.array(text).max(200).optional(),
  /** `command` holds arguments for the image's own command. */
  argumentsOnly: z.boolean().optional(),
  suffix: z.string().regex(/^[a-z0-9]{5}$/),
};

const flag = z.boolean().optional();

export const debugRequest = z.discriminatedUnion('way', [
  z.object({
    way: z.literal('ephemeral'),
    ...shared,
    image: z.string().min(1).max(1_024),
    namespace: name,
    pod: name,
    uid: z.string().max(253),
    /** Container whose processes are seen. */
    target: name.optional(),
  }),
  z.object({
    way: z.literal('copy'),
    ...shared,
    namespace: name,
    pod: name,
    uid: z.string().max(253),
    copyTo: name,
    sameNode: flag,
    shareProcesses: flag,
    /** Image by container name; `*` for all. */
    setImages: z.record(name, z.string().min(1).max(1_024)).optional(),
    keep: z
      .object({
        labels: flag,
        annotations: flag,
        liveness: flag,
        readiness: flag,
        startup: flag,
        initContainers: flag,
      })
      .optional(),
    /** The original is deleted at once (grace period 0) after the copy was made. */
    replace: flag,
  }),
  z.object({
    way: z.literal('node'),
    ...shared,
    image: z.string().min(1).max(1_024),
    node: name,
    namespace: name,
  }),
]);
export type DebugRequest = z.output<typeof debugRequest>;

export interface DebuggableContainer {
  readonly name: string;
  readonly image: string;
  readonly type: 'container' | 'init' | 'sidecar' | 'debug';
  readonly state: 'waiting' | 'running' | 'ended' | 'unknown';
  /** `CrashLoopBackOff`, `Completed`, ... */
  readonly reason?: string;
  /** Of the last end. */
  readonly exitCode?: number;
  readonly restarts: number;
  readonly target?: string;
}

/** What decides how a pod can be debugged. */
export interface DebuggablePod {
  readonly uid: string;
  readonly phase: string;
  readonly node?: string;
  readonly windows: boolean;
  /** Made by a kubelet from a file: has no ephemeral containers and cannot be replaced. */
  readonly mirror: boolean;
  readonly containers: readonly DebuggableContainer[];
  /** The annotation `kubectl.kubernetes.io/default-container`, else the first. */
  readonly main: string;
  /** A container that keeps ending: only a copy with another command stays up. */
  readonly crashing?: { readonly container: string; readonly words: string };
  /** Level that the namespace enforces; absent where it may not be read. */
  readonly enforced?: Level;
}

export interface DebugPlan {
  /** The object, or the part of it, that would be sent. */
  readonly yaml: string;
  /** Why it cannot be made; nothing was sent. */
  readonly problem?: string;
  readonly warnings: readonly string[];
  /** Where the namespace enforces a Pod Security level that this does not meet. */
  readonly security?: DebugSecurity;
}

export interface DebugSecurity {
  readonly level: Level;
  readonly violations: readonly Violation[];
  /** Profiles that would pass; none when the pod itself does not. */
  readonly passing: readonly Profile[];
}

/** What was made. */
export interface DebugTarget {
  readonly way: DebugRequest['way'];
  readonly namespace: string;
  readonly pod: string;
  readonly uid: string;
  /** Container to attach to; absent when only images were changed. */
  readonly container?: string;
}

export interface DebugState {
  readonly phase: 'waiting' | 'running' | 'ended' | 'gone';
  /** What it waits for, or why it ended, in words. */
  readonly words: string;
  /** It will not start by itself: an image that cannot be pulled, a pod nobody can place. */
  readonly stuck?: boolean;
  /** Of the container, once it ended. */
  readonly exitCode?: number;
  /** The watch is interrupted since; what is told is the last that was known. */
  readonly stale?: boolean;
}

/** A pod that a debug session made. */
export interface DebugPod {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly phase: string;
  readonly node: string;
  /** Milliseconds since 1970. */
  readonly created: number;
  readonly way: 'copy' | 'node';
  /** The server noted this app as its maker; whose window it was, nobody knows. */
  readonly byApp: boolean;
}

export interface DebugPods {
  readonly pods: readonly DebugPod[];
  /** Only these namespaces could be searched; absent: all were. */
  readonly searched?: readonly string[];
}

export const debugTarget = z.object({ namespace: name, pod: name, container: name });

export const debug = slice('debug', {
  pod: call(z.object({ namespace: name, pod: name })).returns<DebuggablePod>(),
  /** What `create` would send, and whether the namespace would take it. Changes nothing. */
  plan: call(debugRequest).returns<DebugPlan>(),
  create: call(debugRequest).returns<DebugTarget>(),
  /** A container until it runs and until it ends. */
  follow: stream(debugTarget, z.never()).of<DebugState>(),
  /** The last lines that a container printed. */
  output: call(debugTarget).returns<string>(),
  /** Deletes a debug pod; only the one with this uid. Gone already is as good. */
  remove: call(z.object({ namespace: name, pod: name, uid: z.string().min(1).max(253) })).returns<void>(),
  /**
   * Debug pods that are there: those labelled as `kubectl debug` labels them, and those named here
   * (copies carry no label).
   */
  pods: call(
    z.object({
      /** Searched when the whole cluster may not be. */
      namespaces: z.array(name).max(100),
      known: z.array(z.object({ namespace: name, pod: name })).max(200),
      /** False: only the known ones are asked about; nothing is listed. */
      labelled: z.boolean(),
    }),
  ).returns<DebugPods>(),
});
