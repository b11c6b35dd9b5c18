/** Which links may leave the app (rules/security.md 1.1, item 15). Pure. */
import { fail } from '#shared/util/app-error';

/** The parsed URL: https, or http on loopback; AppFailure `invalid-input` for everything else. */
export function checkExternal(text: string): URL {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw fail('invalid-input', 'That is not a URL.');
  }
  const local = url.protocol === 'http:' && /^(?:localhost|127\.0\.0\.1|\[::1\])$/.test(url.hostname);
  if (url.protocol !== 'https:' && !local) throw fail('invalid-input', 'Only https links can be opened.');
  if (url.username || url.password) throw fail('invalid-input', 'Links with a user name are not opened.');
  return url;
}
