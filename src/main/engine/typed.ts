/** Typed arrays with another length; what does not fit is dropped. */

export function widen(from: Uint32Array<ArrayBuffer>, capacity: number): Uint32Array<ArrayBuffer> {
  const to = new Uint32Array(capacity);
  to.set(from.subarray(0, capacity));
  return to;
}

export function widenBytes(from: Uint8Array<ArrayBuffer>, capacity: number): Uint8Array<ArrayBuffer> {
  const to = new Uint8Array(capacity);
  to.set(from.subarray(0, capacity));
  return to;
}

export function widenShorts(from: Uint16Array<ArrayBuffer>, capacity: number): Uint16Array<ArrayBuffer> {
  const to = new Uint16Array(capacity);
  to.set(from.subarray(0, capacity));
  return to;
}
