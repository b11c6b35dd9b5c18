/** Rows of protobuf objects for lists and watches alike: one `RawRow`, filled again for each object. */
import type { FieldMask, KubeObject } from '#shared/kinds/define';
import { compileMask } from './mask';
import { planOf, type Plan, type ProtoReader } from './proto-reader';
import { rowPlan, RowWalker } from './proto-rows';
import type { Message } from './proto-schema';
import { RawRow } from './raw-row';
import type { RowLayout } from './row-layout';

function withoutLabels(mask: FieldMask): FieldMask {
  const { metadata } = mask;
  if (typeof metadata !== 'object') return mask;
  const own = Object.entries(metadata).filter(([name]) => name !== 'labels' && name !== 'ownerReferences');
  return { ...mask, metadata: Object.fromEntries(own) };
}

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
  const row = new RawRow(layout, objectBy(plan), objectBy(planOf(schema, compileMask(withoutLabels(mask)))));
  const walker = new RowWalker(rows, row);
  return (buf, start, end) => {
    from = start;
    to = end;
    walker.walk(buf, start, end);
    return row;
  };
}
