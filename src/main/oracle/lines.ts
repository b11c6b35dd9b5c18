/** JSON lines in, JSON lines out: the shape of the question-answering oracles. */
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';

export interface Lines {
  readonly input: NodeJS.ReadableStream;
  readonly write: (text: string) => void;
  readonly report: (text: string) => void;
}

const standard: Lines = {
  input: process.stdin,
  write: (text) => void process.stdout.write(text),
  report: (text) => void process.stderr.write(text),
};

/**
 * Answers each line, in order, one line for one line. A line that cannot be answered gets
 * `{"error": "..."}` (with what `refused` adds) in its place and a word on standard error.
 */
export async function answerLines(
  answer: (question: Record<string, unknown>) => unknown,
  refused: Readonly<Record<string, unknown>> = {},
  { input, write, report }: Lines = standard,
): Promise<void> {
  const out: string[] = [];
  const flush = (): void => {
    if (out.length > 0) write(`${out.join('\n')}\n`);
    out.length = 0;
  };
  let number = 0;
  for await (const line of createInterface({ input, crlfDelay: Infinity })) {
    number += 1;
    if (line.trim() === '') continue;
    let result: unknown;
    try {
      const question: unknown = JSON.parse(line.replace(/^\uFEFF/, ''));
      if (typeof question !== 'object' || question === null || Array.isArray(question)) {
        throw new TypeError('a question is a JSON object');
      }
      result = answer(question as Record<string, unknown>);
    } catch (thrown) {
      const words = thrown instanceof Error ? thrown.message : String(thrown);
      report(`line ${number}: ${words}\n`);
      result = { ...refused, error: words };
    }
    out.push(JSON.stringify(result));
    if (out.length >= 256) flush();
  }
  flush();
}

/** The one folder argument (or `-`); says how to call it and ends with status 2 when there is none. */
export function folderArgument(name: string): string {
  // Whoever reads us may stop early (`| head`).
  process.stdout.on('error', () => process.exit(0));
  const [path] = process.argv.slice(2);
  if (path !== undefined && (path === '-' || existsSync(path))) return path;
  process.stderr.write(path === undefined ? '' : `${path}: no such file or folder\n`);
  process.stderr.write(`usage: npm run -s oracle:${name} -- DIR\n`);
  process.exit(2);
}
