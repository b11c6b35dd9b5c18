/** JSON lines in, JSON lines out: the shape of the question-answering oracles. */
import { createInterface } from 'node:readline';

/** Answers each line of standard input; a line that is no JSON gets `{"error": "..."}` in its place. */
export async function answerLines(answer: (question: Record<string, unknown>) => unknown): Promise<void> {
  const out: string[] = [];
  const flush = (): void => {
    if (out.length > 0) process.stdout.write(`${out.join('\n')}\n`);
    out.length = 0;
  };
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
    if (line.trim() === '') continue;
    let result: unknown;
    try {
      result = answer(JSON.parse(line) as Record<string, unknown>);
    } catch (thrown) {
      result = { error: thrown instanceof Error ? thrown.message : String(thrown) };
    }
    out.push(JSON.stringify(result));
    if (out.length >= 256) flush();
  }
  flush();
}

/** The one folder argument; prints how to call it and ends with status 2 when it is missing. */
export function folderArgument(name: string): string {
  const [path] = process.argv.slice(2);
  if (path !== undefined) return path;
  process.stderr.write(`usage: npm run -s oracle:${name} -- DIR\n`);
  process.exit(2);
}
