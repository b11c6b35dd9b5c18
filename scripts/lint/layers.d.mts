export interface Layer {
  readonly name: string;
  readonly path: string;
  readonly layers: readonly string[];
  readonly packages: readonly string[];
  readonly node?: boolean;
  readonly types?: readonly string[];
  readonly siblings?: boolean;
}
export const layers: readonly Layer[];
export function layerOf(file: string): Layer;
export function isTest(file: string): boolean;
export function wallProblem(file: string, specifier: string, typeOnly?: boolean): string | null;
