/** Connections as words on screen. */

/** `every port`, `TCP 80`, `nothing`. */
export function openWords(conn: string): string {
  if (conn === '') return 'nothing';
  return conn === 'All' ? 'every port' : conn.replaceAll(';', '; ').replaceAll(',', ', ');
}

/** `shop/cart[Deployment]` as `shop/cart`; ranges of one address, or of all, as such. */
export function shortId(id: string): string {
  const at = id.lastIndexOf('[');
  if (at > 0 && id.endsWith(']')) return id.slice(0, at);
  if (id === '0.0.0.0-255.255.255.255') return 'any IPv4 address';
  const [first, last] = id.split('-');
  return first !== undefined && first === last ? first : id;
}
