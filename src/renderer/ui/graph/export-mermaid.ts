/** The graph as Mermaid text: a flowchart with a subgraph for each frame. */
import { isMeasured } from './paint-edges';
import type { Scene } from './scene';

export function toMermaid(scene: Scene): string {
  const out = ['flowchart LR'];
  const byFrame = new Map<number, number[]>();
  scene.nodes.forEach((node, i) => {
    const list = byFrame.get(node.frame);
    if (list) list.push(i);
    else byFrame.set(node.frame, [i]);
  });
  scene.frames.forEach((frame, f) => {
    out.push(`  subgraph f${f}["${quoted(frame.title)}"]`);
    for (const i of byFrame.get(f) ?? []) {
      const { tag, name, state, count, words, tone } = scene.nodes[i]!;
      const many = state === 'set' ? ` ×${count}` : '';
      const told = (tone === 'bad' || tone === 'warn') && words !== '' ? `<br/>${quoted(words)}` : '';
      const [open, close] =
        state === 'missing' || state === 'unread'
          ? ['{{', '}}']
          : state === 'set'
            ? ['[[', ']]']
            : ['[', ']'];
      out.push(`    n${i}${open}"${quoted(`${tag} ${name}${many}`)}${told}"${close}`);
    }
    out.push('  end');
  });
  for (let i = 0; i < scene.edges.length; i += 4) {
    const term = scene.terms[scene.edges[i + 2]!];
    const measured = isMeasured(term?.look);
    const arrow = measured ? '==>' : term?.look === 'plain' || term?.look === 'open' ? '-->' : '-.->';
    const words = (measured ? term?.label : term?.relation) ?? '';
    out.push(`  n${scene.edges[i]} ${arrow}|"${quoted(words)}"| n${scene.edges[i + 1]}`);
  }
  return `${out.join('\n')}\n`;
}

/** Mermaid reads entities in quoted text; quotes and angle brackets would end it. */
function quoted(text: string): string {
  return text.replace(/[\u0000-\u001f]/g, ' ').replace(/[#"<>&]/g, (found) => `#${found.charCodeAt(0)};`);
}
