/** The map as a list: frames as heads, their objects by column and name. Pure. */
import type { Scene } from '../../ui/graph/scene';

export type ListRow =
  { readonly type: 'frame'; readonly frame: number } | { readonly type: 'node'; readonly node: number };

export function listRows(scene: Scene): readonly ListRow[] {
  const byFrame: number[][] = scene.frames.map(() => []);
  scene.nodes.forEach((node, i) => byFrame[node.frame]?.push(i));
  const rows: ListRow[] = [];
  const { places, nodes } = scene;
  byFrame.forEach((members, frame) => {
    if (members.length === 0) return;
    rows.push({ type: 'frame', frame });
    members.sort(
      (a, b) =>
        places[a * 2]! - places[b * 2]! ||
        (nodes[a]!.tag < nodes[b]!.tag ? -1 : nodes[a]!.tag > nodes[b]!.tag ? 1 : 0) ||
        (nodes[a]!.name < nodes[b]!.name ? -1 : 1),
    );
    for (const node of members) rows.push({ type: 'node', node });
  });
  return rows;
}
