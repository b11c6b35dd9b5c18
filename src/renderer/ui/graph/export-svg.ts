/** The whole graph as an SVG document of its own, in the colours of the theme it is seen in. */
import { curveOf, pointOn, type Curve } from './edge-path';
import { isMeasured, strokeOf } from './paint-edges';
import type { GraphColors } from './palette';
import { ROW, type GraphTone, type Scene } from './scene';

export function toSvg(scene: Scene, colors: GraphColors): string {
  const pad = 24;
  const out: string[] = [];
  const { width, height, boxes, places, edges, terms } = scene;
  out.push(
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${-pad} ${-pad} ${round(width + 2 * pad)} ${round(height + 2 * pad)}" font-family="Inter, sans-serif" font-size="12.5">`,
    `<rect x="${-pad}" y="${-pad}" width="100%" height="100%" fill="${colors.bg}"/>`,
  );
  scene.frames.forEach((frame, i) => {
    const [x, y, w, h] = [0, 1, 2, 3].map((k) => boxes[i * 4 + k] ?? 0);
    out.push(
      `<rect x="${round(x!)}" y="${round(y!)}" width="${round(w!)}" height="${round(h!)}" fill="none" stroke="${colors.line}"/>`,
      `<text x="${round(x! + 12)}" y="${round(y! + 20)}" font-weight="600" fill="${colors.text}">${escapeXml(frame.title)} <tspan font-weight="400" fill="${colors.muted}">${frame.count}</tspan></text>`,
    );
  });
  const rates: string[] = [];
  const curve: Curve = [0, 0, 0, 0, 0, 0, 0, 0];
  for (let i = 0; i < edges.length; i += 4) {
    const a = edges[i]! * 2;
    const b = edges[i + 1]! * 2;
    curveOf(places[a]!, places[a + 1]!, places[b]!, places[b + 1]!, curve);
    const [x1, y1, c1, d1, c2, d2, x2, y2] = curve.map(round);
    const look = terms[edges[i + 2]!]?.look ?? 'plain';
    const measured = isMeasured(look);
    const dash =
      look === 'plain' || look === 'open' ? '' : measured ? ' stroke-width="2"' : ' stroke-dasharray="5 4"';
    // On paper quiet edges are as readable as the others.
    const stroke =
      look === 'hub' || look === 'faint' || look === 'guess' ? colors.edge : strokeOf(look, colors);
    out.push(
      `<path d="M${x1} ${y1}C${c1} ${d1} ${c2} ${d2} ${x2} ${y2}" fill="none" stroke="${stroke}"${dash}/>`,
    );
    if (!measured) continue;
    const [x, y] = pointOn(curve, 0.5);
    rates.push(
      `<text x="${round(x)}" y="${round(y + 4)}" text-anchor="middle" font-size="11" fill="${stroke}" stroke="${colors.bg}" stroke-width="4" paint-order="stroke">${escapeXml(terms[edges[i + 2]!]?.label ?? '')}</text>`,
    );
  }
  scene.nodes.forEach((node, i) => {
    const x = round(places[i * 2]!);
    const y = round(places[i * 2 + 1]!);
    const ghost = node.state === 'missing' || node.state === 'unread';
    const tone = colors.tone[node.tone];
    const count = node.state === 'set' ? `×${node.count}` : node.badge;
    out.push(
      `<g transform="translate(${x} ${y})"><title>${escapeXml(`${node.tag} ${node.name}${node.words === '' ? '' : `: ${node.words}`}`)}</title>`,
      `<rect width="${ROW.width}" height="${ROW.height}" fill="${ghost ? colors.bg : colors.surface}" stroke="${ghost ? tone : colors.line}"${ghost ? ' stroke-dasharray="5 4"' : ''}/>`,
      mark(node.tone, tone),
      `<text x="23" y="18" fill="${colors.text}"><tspan font-family="JetBrains Mono, monospace" font-size="10.5" fill="${colors.muted}">${escapeXml(node.tag)}</tspan> ${escapeXml(short(node.name, 26 - node.tag.length - count.length))}</text>`,
      count === ''
        ? ''
        : `<text x="${ROW.width - 9}" y="18" text-anchor="end" font-size="11" fill="${colors.muted}">${escapeXml(count)}</text>`,
      '</g>',
    );
  });
  out.push(...rates, '</svg>');
  return out.join('\n');
}

function mark(tone: GraphTone, color: string): string {
  const shapes: Readonly<Record<GraphTone, string>> = {
    ok: `<circle cx="13" cy="14" r="3.4" fill="${color}"/>`,
    bad: `<rect x="9.7" y="10.7" width="6.6" height="6.6" fill="${color}"/>`,
    warn: `<path d="M13 10.4l3.8 6.8H9.2z" fill="${color}"/>`,
    progress: `<circle cx="13" cy="14" r="3.1" fill="none" stroke="${color}" stroke-width="1.3"/><path d="M13 10.9a3.1 3.1 0 0 1 0 6.2z" fill="${color}"/>`,
    idle: `<circle cx="13" cy="14" r="3.1" fill="none" stroke="${color}" stroke-width="1.3"/>`,
    done: `<path d="M9.9 14.3l2.1 2.2 4.1-5" fill="none" stroke="${color}" stroke-width="1.5"/>`,
    none: `<circle cx="13" cy="14" r="1.6" fill="${color}"/>`,
  };
  return shapes[tone];
}

function short(text: string, most: number): string {
  const keep = Math.max(8, most);
  return text.length <= keep ? text : `${text.slice(0, keep - 7)}…${text.slice(-6)}`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escapeXml(text: string): string {
  return (
    text
      // Characters XML does not allow at all.
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd')
      .replace(/&/g, '&amp;')
      .replace(/</g, '&lt;')
      .replace(/>/g, '&gt;')
      .replace(/"/g, '&quot;')
  );
}
