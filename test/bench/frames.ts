/**
 * Recorded protobuf watch frames made fit to be played again and again: each becomes MODIFIED with
 * a resourceVersion of ten digits and a restart count of four bytes, so that every round can
 * stamp new ones in place without touching a length.
 */

export interface Frame {
  /** With its four bytes of length. */
  readonly bytes: Buffer;
  readonly versionAt: number;
  /** -1 where the pod has no container status. */
  readonly restartsAt: number;
}

const VERSION = '9000000000';
/** Any four-byte varint. */
const RESTARTS = 7_000_000;

/** Complete frames of a stream, without their lengths; what is left over is the second value. */
export function splitFrames(bytes: Buffer): readonly [frames: Buffer[], rest: Buffer] {
  const frames: Buffer[] = [];
  let at = 0;
  while (at + 4 <= bytes.length) {
    const end = at + 4 + bytes.readUInt32BE(at);
    if (end > bytes.length) break;
    frames.push(bytes.subarray(at + 4, end));
    at = end;
  }
  return [frames, bytes.subarray(at)];
}

/** undefined for what is no pod (bookmarks). */
export function toFrame(event: Buffer): Frame | undefined {
  const raw = field(field(event, 2), 1);
  if (raw?.subarray(0, 4).toString('latin1') !== 'k8s\0') return undefined;
  const pod = field(raw.subarray(4), 2);
  if (!pod || !field(pod, 1)?.length || !field(pod, 2)) return undefined;
  const statuses = fields(field(pod, 3) ?? Buffer.alloc(0), 8);
  const status = statuses[0] && replaced(statuses[0], 5, varintField(5, RESTARTS));
  let made = replaced(pod, 1, wrapped(1, replaced(field(pod, 1)!, 6, wrapped(6, Buffer.from(VERSION)))));
  if (status) {
    made = replaced(made, 3, wrapped(3, replaced(field(pod, 3)!, 8, wrapped(8, status))));
  }
  const unknown = Buffer.concat([Buffer.from('k8s\0'), replaced(raw.subarray(4), 2, wrapped(2, made))]);
  const whole = Buffer.concat([wrapped(1, Buffer.from('MODIFIED')), wrapped(2, wrapped(1, unknown))]);
  const bytes = Buffer.concat([Buffer.alloc(4), whole]);
  bytes.writeUInt32BE(whole.length);
  const mark = Buffer.concat([Buffer.from([5 << 3]), varint(RESTARTS)]);
  return {
    bytes,
    versionAt: bytes.indexOf(VERSION),
    restartsAt: status ? bytes.indexOf(mark) + 1 : -1,
  };
}

/** Writes the version and the restart count of this turn into the frame. */
export function stamp(frame: Frame, turn: number): void {
  const { bytes, versionAt, restartsAt } = frame;
  let left = turn;
  for (let digit = 9; digit > 0; digit -= 1) {
    bytes[versionAt + digit] = 48 + (left % 10);
    left = Math.floor(left / 10);
  }
  if (restartsAt >= 0) varint(RESTARTS + (turn % 1_000_000)).copy(bytes, restartsAt);
}

function varint(value: number): Buffer {
  const out: number[] = [];
  for (let left = value; ; left = Math.floor(left / 128)) {
    if (left < 128) return Buffer.from([...out, left]);
    out.push((left % 128) | 0x80);
  }
}

const varintField = (number: number, value: number): Buffer =>
  Buffer.concat([varint(number << 3), varint(value)]);

function wrapped(number: number, content: Buffer): Buffer {
  return Buffer.concat([varint((number << 3) | 2), varint(content.length), content]);
}

interface Part {
  readonly number: number;
  readonly start: number;
  readonly end: number;
  readonly content: Buffer | undefined;
}

function* parts(bytes: Buffer): Generator<Part> {
  let at = 0;
  const read = (): number => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = bytes[at++] ?? 0;
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const start = at;
    const key = read();
    const wire = key & 7;
    let content: Buffer | undefined;
    if (wire === 0) read();
    else if (wire === 2) {
      const length = read();
      content = bytes.subarray(at, at + length);
      at += length;
    } else at += wire === 1 ? 8 : 4;
    yield { number: Math.floor(key / 8), start, end: at, content };
  }
}

function fields(bytes: Buffer, number: number): Buffer[] {
  return [...parts(bytes)].flatMap((part) => (part.number === number && part.content ? [part.content] : []));
}

function field(bytes: Buffer | undefined, number: number): Buffer | undefined {
  return bytes && fields(bytes, number)[0];
}

/** The message with the first field of that number replaced by these bytes (appended where there is none). */
function replaced(bytes: Buffer, number: number, by: Buffer): Buffer {
  for (const part of parts(bytes)) {
    if (part.number === number)
      return Buffer.concat([bytes.subarray(0, part.start), by, bytes.subarray(part.end)]);
  }
  return Buffer.concat([bytes, by]);
}
