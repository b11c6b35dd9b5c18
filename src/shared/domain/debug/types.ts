/** What a debug container, copy or node pod is asked to be; the names are those of `kubectl debug`. */

export type Profile = 'legacy' | 'general' | 'baseline' | 'restricted' | 'netadmin' | 'sysadmin';

export type Fields = Record<string, unknown>;

export interface EnvVar {
  readonly name: string;
  readonly value: string;
}

/** What all three ways share. */
export interface DebugOptions {
  readonly profile: Profile;
  readonly image?: string;
  readonly imagePullPolicy?: string;
  /** Name of the debug container; for copies also of a container that exists and is changed. */
  readonly container?: string;
  readonly env?: readonly EnvVar[];
  /** Command, or arguments of the image's own command with `argumentsOnly`. */
  readonly command?: readonly string[];
  readonly argumentsOnly?: boolean;
  readonly stdin: boolean;
  readonly tty: boolean;
  /** A part of a container that is laid over the profile. */
  readonly custom?: Fields;
  /** Five random characters that make names unique. */
  readonly suffix: string;
}

export interface EphemeralOptions extends DebugOptions {
  readonly image: string;
  /** Container whose processes are seen. */
  readonly target?: string;
}

export interface CopyOptions extends DebugOptions {
  readonly copyTo: string;
  readonly sameNode?: boolean;
  /** Undefined: left to the profile. */
  readonly shareProcesses?: boolean;
  /** Image by container name; `*` for all. */
  readonly setImages?: Readonly<Record<string, string>>;
  readonly keep?: {
    readonly labels?: boolean;
    readonly annotations?: boolean;
    readonly liveness?: boolean;
    readonly readiness?: boolean;
    readonly startup?: boolean;
    /** Kept unless false. */
    readonly initContainers?: boolean;
  };
}

export interface NodeOptions extends DebugOptions {
  readonly image: string;
  readonly namespace: string;
}
