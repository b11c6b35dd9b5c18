/** Request bodies: JSON or YAML (kubectl apply sends YAML), with a size limit. */
import type { IncomingMessage } from 'node:http';
import { parse } from 'yaml';
import { isFields, type Fields } from '../model';
import { ApiError, badRequest } from './status';

const maxBytes = 3 * 1024 * 1024;

export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += (chunk as Buffer).length;
    if (size > maxBytes)
      throw new ApiError(413, 'RequestEntityTooLarge', `Request entity too large: limit is ${maxBytes}`);
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Any JSON value; `undefined` for an empty body. */
export function parseBody(text: string, contentType: string | undefined): unknown {
  if (text.trim() === '') return undefined;
  const type = (contentType ?? 'application/json').split(';')[0]?.trim() ?? '';
  if (/protobuf|cbor/.test(type))
    throw new ApiError(
      415,
      'UnsupportedMediaType',
      `the body of the request was in an unknown format: ${type}`,
    );
  try {
    return /yaml/.test(type)
      ? (parse(text, { maxAliasCount: 100 }) as unknown)
      : (JSON.parse(text) as unknown);
  } catch (error) {
    throw badRequest(`couldn't parse the body: ${(error as Error).message}`);
  }
}

export async function readObject(request: IncomingMessage): Promise<Fields | undefined> {
  const value = parseBody(await readBody(request), request.headers['content-type']);
  if (value === undefined) return undefined;
  if (!isFields(value)) throw badRequest('the body must be an object');
  return value;
}
