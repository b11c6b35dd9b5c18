/** Rightsizing answers as rows: suggestions, waste, order. No React. */
import type { FieldChange } from '#shared/contract/objects';
import type { SizedContainer, SizedWorkload } from '#shared/contract/sizing';
import {
  fieldPath,
  quantityText,
  suggest,
  wasteOf,
  type SetField,
  type Suggestion,
  type Waste,
} from '#shared/domain/prom/rightsizing';

export interface SizingRow {
  readonly id: string;
  readonly workload: SizedWorkload;
  readonly containers: readonly {
    readonly container: SizedContainer;
    readonly suggestion: Suggestion | undefined;
  }[];
  readonly waste: Waste;
  /** Containers that could be changed. */
  readonly changes: number;
}

export type SizingOrder = 'cpu' | 'memory' | 'name';

export function sizingRows(workloads: readonly SizedWorkload[], headroom: number): readonly SizingRow[] {
  return workloads.map((workload): SizingRow => {
    const { containers, replicas, scaledBy, whole } = workload;
    const rows = containers.map((container) => ({
      container,
      suggestion: container.use && suggest(container, container.use, scaledBy, { headroom }),
    }));
    const sum = (key: keyof Waste): number =>
      containers.reduce(
        (total, one) => total + (one.use ? wasteOf(one, one.use, replicas)[key] : 0),
        whole ? wasteOf(together(containers), whole, replicas)[key] : 0,
      );
    return {
      id: `${workload.kind}/${workload.namespace}/${workload.name}`,
      workload,
      containers: rows,
      waste: { cpu: sum('cpu'), memory: sum('memory') },
      changes: rows.filter((one) => one.suggestion && Object.keys(one.suggestion.set).length > 0).length,
    };
  });
}

/** What all containers of a pod ask for together; null where one of them asks for nothing. */
function together(containers: readonly SizedContainer[]): Pick<SizedContainer, SetField> {
  const sum = (field: SetField): number | null =>
    containers.reduce<number | null>((total, one) => {
      const value = one[field];
      return value === null ? total : (total ?? 0) + value;
    }, null);
  return {
    cpuRequest: sum('cpuRequest'),
    cpuLimit: sum('cpuLimit'),
    memoryRequest: sum('memoryRequest'),
    memoryLimit: sum('memoryLimit'),
  };
}

export function orderRows(rows: readonly SizingRow[], by: SizingOrder, desc: boolean): readonly SizingRow[] {
  const sign = desc ? -1 : 1;
  return [...rows].sort((a, b) => {
    const names = a.id < b.id ? -1 : 1;
    if (by === 'name') {
      const [x, y] = [`${a.workload.name}/${a.id}`, `${b.workload.name}/${b.id}`];
      return x < y ? -sign : sign;
    }
    return (a.waste[by] - b.waste[by]) * sign || names;
  });
}

/** The suggestions of a workload as changes of its object. */
export function changesOf({ containers }: SizingRow): readonly FieldChange[] {
  return containers.flatMap(({ container, suggestion }) =>
    Object.entries(suggestion?.set ?? {}).map(([field, value]): FieldChange => {
      const key = field as SetField;
      return {
        path: [
          'spec',
          'template',
          'spec',
          'containers',
          { key: 'name', is: container.name },
          'resources',
          ...fieldPath[key],
        ],
        value: quantityText(key, value),
      };
    }),
  );
}
