/** kubectl commands to paste into a terminal. Names are quoted so that a shell reads them as text. */
import type { SelectedObject } from '../../data/feature';

/** The word as one shell argument. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replace(/'/g, `'\\''`)}'`;
}

/** `kubectl --context prod -n shop get pods a b -o yaml`; one line per namespace and kind. */
export function kubectlGet(objects: readonly SelectedObject[], context: string | undefined): string {
  const groups = new Map<string, SelectedObject[]>();
  for (const object of objects) {
    const key = `${object.kind}\n${object.namespace}`;
    groups.set(key, [...(groups.get(key) ?? []), object]);
  }
  return [...groups.values()]
    .map((group) => {
      const [first] = group;
      if (!first) return '';
      const words = ['kubectl'];
      if (context !== undefined) words.push('--context', shellWord(context));
      if (first.namespace !== '') words.push('-n', shellWord(first.namespace));
      words.push(
        'get',
        shellWord(first.kind),
        ...group.map((object) => shellWord(object.name)),
        '-o',
        'yaml',
      );
      return words.join(' ');
    })
    .join('\n');
}
