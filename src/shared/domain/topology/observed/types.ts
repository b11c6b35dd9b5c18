/** Traffic as it was measured, between workloads: plain data. */
export type Mesh = 'Istio' | 'Linkerd' | 'Hubble';
/** What is counted: requests of a known protocol, or network flows. */
export type FlowUnit = 'requests' | 'flows';

export interface Workload {
  /** '' where the metric does not tell. */
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

export interface Flow {
  readonly from: Workload;
  readonly to: Workload;
  readonly by: Mesh;
  readonly unit: FlowUnit;
  /** Per second. */
  readonly rate: number;
  /** Of those that failed, per second; undefined where the metric does not tell. */
  readonly failed: number | undefined;
}
