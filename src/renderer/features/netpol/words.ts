/** Connections as words on screen. */

/** `every port`, `TCP 80`, `nothing`. */
export function openWords(conn: string): string {
  if (conn === '') return 'nothing';
  return conn === 'All' ? 'every port' : conn.replaceAll(';', '; ').replaceAll(',', ', ');
}

/** `shop/cart[Deployment]` as `shop/cart`. */
export function shortId(id: string): string {
  const at = id.lastIndexOf('[');
  return at > 0 && id.endsWith(']') ? id.slice(0, at) : id;
}
