/**
 * Splits a watch body into JSON values, on 0x0A bytes only (U+2028 is no line end).
 * Keeps at most one partial line; a line over the cap ends the stream with `too-large`.
 * A line that is no JSON is counted and skipped, as one bad event must not end a watch.
 * For small streams of whole objects; tables use the masked decoder.
 */
import { fail } from '#shared/util/app-error';

const MAX_LINE = 8 * 1024 * 1024;

export async function* jsonLines(
  body: AsyncIterable<Uint8Array>,
  onBadLine?: (message: string) => void,
): AsyncGenerator<unknown> {
  let rest: Uint8Array[] = [];
  let restLength = 0;
  for await (const chunk of body) {
    let start = 0;
    for (;;) {
      const end = chunk.indexOf(0x0a, start);
      if (end < 0) break;
      const tail = chunk.subarray(start, end);
      const line = restLength > 0 ? Buffer.concat([...rest, tail]) : tail;
      rest = [];
      restLength = 0;
      start = end + 1;
      if (line.length === 0) continue;
      const value = parseLine(line, onBadLine);
      if (value !== undefined) yield value;
    }
    if (start < chunk.length) {
      rest.push(chunk.subarray(start));
      restLength += chunk.length - start;
      if (restLength > MAX_LINE) throw fail('too-large', 'The server sent an event larger than 8 MiB.');
    }
  }
}

function parseLine(line: Uint8Array, onBadLine?: (message: string) => void): unknown {
  try {
    return JSON.parse(Buffer.from(line.buffer, line.byteOffset, line.byteLength).toString('utf8')) as unknown;
  } catch (thrown) {
    onBadLine?.(thrown instanceof Error ? thrown.message : 'not JSON');
    return undefined;
  }
}
