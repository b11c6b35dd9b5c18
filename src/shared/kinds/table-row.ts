/**
 * A row of the server's Table answer (`application/json;as=Table;v=v1;g=meta.k8s.io`
 * with `includeObject=Metadata`): what kinds without a descriptor of ours are read from.
 */
import type { KubeObject } from './define';

export interface TableColumnDefinition {
  readonly name: string;
  readonly type: string;
  readonly format?: string;
  readonly description?: string;
  readonly priority?: number;
}

/** As the decoder hands it over: the row's metadata object with its cells. */
export interface TableRow extends KubeObject {
  readonly cells: readonly unknown[];
}
