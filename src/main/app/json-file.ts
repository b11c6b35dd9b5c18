/**
 * Small JSON files of the app itself: settings, window state.
 * Guarantees: a reader sees the old text or the new one, never half of it (temporary file,
 * sync, rename); a file that is no JSON object is set aside as a copy, not overwritten.
 */
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';

/** Larger than any settings file of ours; what is larger is not ours. */
const MAX_BYTES = 4 * 1024 * 1024;

export type JsonObject = Record<string, unknown>;

export interface JsonRead {
  /** Empty where there is no file, or no good one. */
  readonly value: JsonObject;
  /** One sentence when the file could not be used. */
  readonly problem?: string;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Reads a JSON object; a damaged file is renamed to `NAME.bad-TIME` first. Never throws. */
export function readJsonFile(path: string, now = Date.now()): JsonRead {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (thrown) {
    const code = (thrown as { code?: string }).code;
    if (code === 'ENOENT') return { value: {} };
    return { value: {}, problem: `${path} cannot be read (${code ?? String(thrown)}). Defaults are used.` };
  }
  try {
    if (text.length > MAX_BYTES) throw new Error('too large');
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
    if (isObject(value)) return { value };
  } catch {
    // Told below, together with JSON that is no object.
  }
  const copy = `${path}.bad-${now}`;
  try {
    renameSync(path, copy);
    return { value: {}, problem: `${path} is damaged. Defaults are used; the file was kept as ${copy}.` };
  } catch {
    return { value: {}, problem: `${path} is damaged and could not be set aside. Defaults are used.` };
  }
}

/** Replaces the file as a whole, readable by its owner only. Throws what the file system says. */
export function writeJsonFile(path: string, value: JsonObject): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    const file = openSync(temporary, 'w', 0o600);
    try {
      writeSync(file, `${JSON.stringify(value, null, 2)}\n`);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (thrown) {
    rmSync(temporary, { force: true });
    throw thrown;
  }
}
