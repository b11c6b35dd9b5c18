/** Colours that tell clusters apart. A choice is kept by name, so that both themes can draw it. */
export const clusterColors = [
  'amber',
  'violet',
  'blue',
  'teal',
  'rose',
  'green',
  'indigo',
  'brown',
  'magenta',
  'slate',
] as const;

export type ClusterColor = (typeof clusterColors)[number];

function isClusterColor(value: string | undefined): value is ClusterColor {
  return (clusterColors as readonly (string | undefined)[]).includes(value);
}

/** The chosen colour, or one that follows from the name and stays the same on every machine. */
export function clusterColor(name: string, chosen?: string): ClusterColor {
  if (isClusterColor(chosen)) return chosen;
  let hash = 2166136261;
  for (let i = 0; i < name.length; i += 1) hash = Math.imul(hash ^ name.charCodeAt(i), 16777619);
  hash ^= hash >>> 15;
  return clusterColors[(hash >>> 0) % (clusterColors.length - 1)] ?? 'slate';
}

/** The CSS value of a cluster colour. */
export function clusterColorValue(color: ClusterColor): string {
  return `var(--cluster-${color})`;
}
