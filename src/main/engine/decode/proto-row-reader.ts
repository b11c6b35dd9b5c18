/** Rows of protobuf objects for lists and watches alike: one `RawRow`, filled again for each object. */
import type { FieldMask, KubeObject } from '#shared/kinds/define';
import { compileMask } from './mask';
import { planOf, type Plan, type ProtoReader } from './proto-reader';
import { rowPlan, RowWalker } from './proto-rows';
import type { Message } from './proto-schema';
import { RawRow } from './raw-row';
import type { RowLayout } from './row-layout';

function without(mask: FieldMask, ...names: readonly string[]): FieldMask {
  return Object.fromEntries(Object.entries(mask).filter(([name]) => !names.includes(name)));
}

function withoutLabels(mask: FieldMask): FieldMask {
  const { metadata } = mask;
  if (typeof metadata !== 'object') return mask;
  return { ...mask, metadata: without(metadata, 'labels', 'ownerReferences') };
}

const statusOf = (plan: Plan): Plan => plan.find((step) => step?.name === 'status')?.plan ?? [];

export type RowReader = (buf: Buffer, start: number, end: number) => RawRow;

export interface RowsOf {
  readonly schema: Message;
  readonly mask: FieldMask;
  readonly layout?: RowLayout | undefined;
}

/** undefined where the kind's rows need objects. */
export function rowReader(
  { schema, mask, layout }: RowsOf,
  reader: ProtoReader,
  plan: Plan,
): RowReader | undefined {
  const rows = layout && rowPlan(schema, compileMask(mask), layout);
  if (!rows) return undefined;
  let from = 0;
  let to = 0;
  const objectBy = (wanted: Plan) => (): KubeObject => {
    reader.pos = from;
    return reader.message(wanted, to) as unknown as KubeObject;
  };
  const rest = withoutLabels(mask);
  const cut = (fields: FieldMask): Plan => planOf(schema, compileMask(fields));
  const statusPlan = statusOf(cut({ status: mask['status'] ?? {} }));
  const row: RawRow = new RawRow(layout, {
    object: objectBy(plan),
    rest: objectBy(cut(rest)),
    head: objectBy(cut(without(rest, 'status'))),
    status: () => {
      reader.pos = row.statusFrom;
      return reader.message(statusPlan, row.statusTo);
    },
  });
  const walker = new RowWalker(rows, row);
  return (buf, start, end) => {
    from = start;
    to = end;
    walker.walk(buf, start, end);
    return row;
  };
}
