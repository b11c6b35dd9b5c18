/** A map as a file or on the clipboard. */
import { toMermaid } from '../../ui/graph/export-mermaid';
import { toSvg } from '../../ui/graph/export-svg';
import type { GraphColors } from '../../ui/graph/palette';
import type { Scene } from '../../ui/graph/scene';
import { copyText } from '../../data/clipboard';

export type ExportKind = 'svg' | 'png' | 'mermaid' | 'copy';

/** A picture has at most so many pixels on its longer side. */
const MOST_PIXELS = 8_000;

/** Words for the person about what happened. */
export async function exportMap(
  kind: ExportKind,
  scene: Scene,
  colors: GraphColors,
  name: string,
  save: (name: string, content: () => AsyncIterable<Uint8Array> | Iterable<Uint8Array>) => Promise<string>,
): Promise<string> {
  const text = (content: string): Iterable<Uint8Array> => [new TextEncoder().encode(content)];
  switch (kind) {
    case 'copy':
      await copyText(toMermaid(scene));
      return 'Mermaid text copied.';
    case 'mermaid':
      return save(`${name}.mmd`, () => text(toMermaid(scene)));
    case 'svg':
      return save(`${name}.svg`, () => text(toSvg(scene, colors)));
    case 'png':
      return save(`${name}.png`, async function* () {
        yield new Uint8Array(await (await toPng(scene, colors)).arrayBuffer());
      });
  }
}

async function toPng(scene: Scene, colors: GraphColors): Promise<Blob> {
  const { paint } = await import('../../ui/graph/paint');
  const { NameFitter } = await import('../../ui/graph/names');
  const pad = 24;
  const width = scene.width + 2 * pad;
  const height = scene.height + 2 * pad;
  const zoom = Math.min(2, MOST_PIXELS / Math.max(width, height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(width * zoom);
  canvas.height = Math.round(height * zoom);
  const ctx = canvas.getContext('2d', { alpha: false });
  if (!ctx) throw new Error('no 2D canvas');
  paint(ctx, {
    scene,
    places: scene.places,
    camera: { x: -pad, y: -pad, zoom },
    size: { width: canvas.width, height: canvas.height },
    ratio: 1,
    colors,
    names: new NameFitter(),
    selected: -1,
    hovered: -1,
    hoveredEdge: -1,
    path: undefined,
    matches: undefined,
    moving: false,
  });
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('The picture is too large.')))),
  );
}
