/** A plan's kubectl arguments as one line a shell reads back exactly. */

export interface CommandPlace {
  /** Name of the context in the kubeconfig. */
  readonly context: string | undefined;
  readonly namespace: string;
}

/** The word as one shell argument. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replace(/'/g, `'\\''`)}'`;
}

/** `kubectl --context prod -n shop scale deployments.apps/web --replicas=3` */
export function kubectlLine(
  words: readonly string[],
  { context, namespace }: CommandPlace,
  input?: unknown,
): string {
  const line = [
    'kubectl',
    ...(context === undefined ? [] : ['--context', shellWord(context)]),
    ...(namespace === '' ? [] : ['-n', shellWord(namespace)]),
    ...words.map(shellWord),
  ].join(' ');
  // JSON has no line that is only EOF, so the document cannot end the here-document early.
  return input === undefined ? line : `${line} <<'EOF'\n${JSON.stringify(input, null, 2)}\nEOF`;
}
