/**
 * `app://binnacle/...`: the only place pages come from.
 * Guarantees: GET of files the build listed and nothing else (names are looked up, never
 * joined from input), each with the CSP of rules/security.md 1.3, its type and nosniff.
 */
import { nativeTheme, protocol, type Session } from 'electron';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';

export const SCHEME = 'app';
export const HOST = 'binnacle';
export const ORIGIN = `${SCHEME}://${HOST}`;

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
};

/**
 * Styles may be inline because terminal and editor write style elements; scripts may not,
 * and Trusted Types keep strings out of every sink that could make one.
 */
export const CSP = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "frame-src 'none'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  'trusted-types binnacle',
].join('; ');

/** Before `ready`. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([
    {
      scheme: SCHEME,
      privileges: {
        standard: true,
        secure: true,
        supportFetchAPI: true,
        bypassCSP: false,
        corsEnabled: false,
        allowServiceWorkers: false,
        codeCache: true,
      },
    },
  ]);
}

/** `folder` is the built renderer; `files.json` in it is the list the build wrote. */
export function serveApp(session: Session, folder: string): void {
  const list: unknown = JSON.parse(readFileSync(join(folder, 'files.json'), 'utf8'));
  if (!Array.isArray(list)) throw new Error('files.json of the build is not a list');
  const files = new Map<string, string>();
  for (const name of list) {
    if (typeof name === 'string') files.set(`/${name}`, join(folder, name));
  }
  const index = files.get('/index.html');
  if (index) files.set('/', index);
  session.protocol.handle(SCHEME, async (request) => {
    const url = parse(request.url);
    if (!url || url.host !== HOST) return refuse(404);
    if (request.method !== 'GET') return refuse(405);
    const name = decoded(url.pathname);
    const path = name === undefined ? undefined : files.get(name);
    if (path === undefined) return refuse(404);
    const type = types[extname(path)] ?? 'application/octet-stream';
    const bytes = await readFile(path);
    return new Response(path === index ? themed(bytes.toString('utf8')) : bytes, {
      status: 200,
      headers: { ...baseHeaders, 'content-type': type },
    });
  });
}

const baseHeaders = {
  'content-security-policy': CSP,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cache-control': 'no-cache',
};

function refuse(status: number): Response {
  return new Response(null, { status, headers: baseHeaders });
}

function parse(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}

/** Decoded once; what is not decodable names no file. */
function decoded(pathname: string): string | undefined {
  try {
    return decodeURIComponent(pathname);
  } catch {
    return undefined;
  }
}

/** The first paint already has the right colours: the page is written with the scheme in force. */
function themed(html: string): string {
  const scheme = nativeTheme.shouldUseDarkColors ? 'dark' : 'light';
  return html
    .replace(/data-theme="(?:dark|light)"/, `data-theme="${scheme}"`)
    .replace(/data-mantine-color-scheme="(?:dark|light)"/, `data-mantine-color-scheme="${scheme}"`);
}
