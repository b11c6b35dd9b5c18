/**
 * Which lines go on from the one before: stack traces of Java, Python, Go and Node, and anything
 * indented. One grouper per stream, because streams interleave. Allocates nothing per line.
 */

const at = ascii('at ');
const caused = ascii('Caused by: ');
const suppressed = ascii('Suppressed: ');
const traceback = ascii('Traceback (most recent call last)');
const panic = ascii('panic: ');
const goroutine = ascii('goroutine ');
const created = ascii('created by ');
const during = ascii('During handling of the above exception');
const direct = ascii('The above exception was the direct cause');

export class Grouper {
  /** `python`: until the line that names the exception. `go`: while lines look like frames. */
  private inside: 'none' | 'python' | 'go' = 'none';
  private hasHead = false;

  /** Whether this line belongs to the one before it in the same stream. */
  next(bytes: Uint8Array, start: number, end: number): boolean {
    const goesOn = this.judge(bytes, start, end) && this.hasHead;
    this.hasHead = true;
    return goesOn;
  }

  private judge(bytes: Uint8Array, start: number, end: number): boolean {
    const first = bytes[start] as number;
    if (this.inside !== 'none') {
      if (start === end) return true;
      if (this.inside === 'go') {
        if (first === 0x09 || starts(bytes, start, end, goroutine) || starts(bytes, start, end, created))
          return true;
        // `main.main()`, `net/http.(*conn).serve(0x1, ...)`, `[signal SIGSEGV: ...]`
        if (first === 0x5b || bytes[end - 1] === 0x29) return true;
        this.inside = 'none';
      } else {
        if (first === 0x20 || first === 0x09) return true;
        if (starts(bytes, start, end, traceback)) return true;
        if (starts(bytes, start, end, during) || starts(bytes, start, end, direct)) return true;
        // The exception itself ends the trace.
        this.inside = 'none';
        return isName(bytes, start, end);
      }
    }
    if (start === end) return false;
    if (first === 0x20 || first === 0x09) return true;
    // Few lines begin with these letters, so the rest is seldom asked.
    if (first === 0x61) return starts(bytes, start, end, at);
    if (first === 0x43) return starts(bytes, start, end, caused);
    if (first === 0x53) return starts(bytes, start, end, suppressed);
    if (first === 0x54 && starts(bytes, start, end, traceback)) {
      this.inside = 'python';
      return true;
    }
    if (first === 0x44) return starts(bytes, start, end, during) && this.python();
    if (first === 0x70 && starts(bytes, start, end, panic)) this.inside = 'go';
    if (first === 0x67 && starts(bytes, start, end, goroutine)) {
      this.inside = 'go';
      return false;
    }
    return false;
  }

  private python(): true {
    this.inside = 'python';
    return true;
  }
}

/** `ValueError: bad` or `pkg.Error`: a dotted name, then a colon or the end. */
function isName(bytes: Uint8Array, start: number, end: number): boolean {
  let i = start;
  for (; i < end; i += 1) {
    const byte = bytes[i] as number;
    const lower = byte | 0x20;
    const part = (lower >= 0x61 && lower <= 0x7a) || (byte >= 0x30 && byte <= 0x39);
    if (!part && byte !== 0x2e && byte !== 0x5f) break;
  }
  return i > start && (i === end || bytes[i] === 0x3a);
}

function starts(bytes: Uint8Array, start: number, end: number, word: Uint8Array): boolean {
  if (end - start < word.length) return false;
  for (let i = 0; i < word.length; i += 1) if (bytes[start + i] !== word[i]) return false;
  return true;
}

function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (char) => char.charCodeAt(0));
}
