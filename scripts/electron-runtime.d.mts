export interface Runtime {
  readonly executable: string;
  /** The sentence for the person. */
  readonly from: string;
  readonly version: string | null;
}
export function resolveElectron(options?: {
  log?: (line: string) => void;
  env?: Readonly<Record<string, string | undefined>>;
}): Promise<Runtime>;
