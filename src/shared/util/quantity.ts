/**
 * Kubernetes quantities as numbers, and numbers as the short words tables show.
 * A text the server would not accept as an amount (`NaN`, ``, `1e999`, `-1`, `100Zi`, a JSON
 * number) is null: shown raw, left out of sums (fault 22). Values are doubles: exact to 2^53.
 */

const pattern = /^\+?(\d+\.?\d*|\.\d+)(?:([eE][+-]?\d{1,3})|([numkMGTPE]|[KMGTPE]i))?$/;

const factors = new Map<string, number>([
  ['n', 1e-9],
  ['u', 1e-6],
  ['m', 1e-3],
  ['k', 1e3],
  ['M', 1e6],
  ['G', 1e9],
  ['T', 1e12],
  ['P', 1e15],
  ['E', 1e18],
  ['Ki', 2 ** 10],
  ['Mi', 2 ** 20],
  ['Gi', 2 ** 30],
  ['Ti', 2 ** 40],
  ['Pi', 2 ** 50],
  ['Ei', 2 ** 60],
]);

/** The amount in base units (bytes, cores, pieces), or null when it is none (fault 22). */
export function parseQuantity(raw: unknown): number | null {
  if (typeof raw !== 'string' || raw.length > 64) return null;
  const match = pattern.exec(raw);
  if (!match) return null;
  const [, digits, exponent, suffix] = match;
  // The decimal text is parsed once where it can be: 100m is 0.1, not 100 * 0.001.
  if (exponent !== undefined) return finite(Number(`${digits}${exponent}`));
  const number = Number(digits);
  if (suffix === undefined) return finite(number);
  if (suffix === 'n') return finite(number / 1e9);
  if (suffix === 'u') return finite(number / 1e6);
  if (suffix === 'm') return finite(number / 1e3);
  return finite(number * (factors.get(suffix) ?? NaN));
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

export interface Quantity {
  /** As the object has it, for the screen. */
  readonly raw: string;
  /** For sums and bars; null when the text is no amount. */
  readonly value: number | null;
}

/** A quantity with its text, so that what cannot be summed can still be shown (fault 22). */
export function readQuantity(raw: unknown): Quantity {
  const text = typeof raw === 'string' ? raw : raw === undefined || raw === null ? '' : String(raw);
  return { raw: text, value: parseQuantity(raw) };
}

/** Sum of what is an amount; null when nothing was. */
export function sumQuantities(raws: Iterable<unknown>): number | null {
  let sum: number | null = null;
  for (const raw of raws) {
    const value = parseQuantity(raw);
    if (value !== null) sum = (sum ?? 0) + value;
  }
  return sum;
}

const byteUnits = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'] as const;

/** Bytes as `18 MiB`, `1.5 GiB`; negative amounts (differences) keep their sign; no number is `–`. */
export function formatBytes(bytes: number | null | undefined): string {
  if (typeof bytes !== 'number' || !Number.isFinite(bytes)) return '–';
  const size = Math.abs(bytes);
  let unit = 0;
  let value = size;
  // 1023.6 KiB would round to 1024 KiB: the next unit says it better.
  while (unit < byteUnits.length - 1 && Math.round(value) >= 1024) {
    value /= 1024;
    unit++;
  }
  return `${bytes < 0 && size > 0 ? '-' : ''}${short(value, unit > 0)} ${byteUnits[unit] ?? 'B'}`;
}

/** CPU in cores as `250m`, `1.5`, `64`; below a thousandth `<1m`; no number is `–`. */
export function formatCpu(cores: number | null | undefined): string {
  if (typeof cores !== 'number' || !Number.isFinite(cores)) return '–';
  if (cores === 0) return '0';
  const size = Math.abs(cores);
  const sign = cores < 0 ? '-' : '';
  if (size < 0.0005) return `${sign}<1m`;
  const milli = Math.round(size * 1000);
  if (milli < 1000) return `${sign}${milli}m`;
  return `${sign}${Number(size.toFixed(size < 10 ? 2 : size < 100 ? 1 : 0))}`;
}

/** An amount of pieces as `950`, `12.5k`, `3M`; no number is `–`. */
export function formatCount(count: number | null | undefined): string {
  if (typeof count !== 'number' || !Number.isFinite(count)) return '–';
  const size = Math.abs(count);
  if (size < 10_000) return String(Number(count.toFixed(2)));
  const units = ['k', 'M', 'G', 'T', 'P'] as const;
  let value = size / 1000;
  let unit = 0;
  while (unit < units.length - 1 && Math.round(value) >= 1000) {
    value /= 1000;
    unit++;
  }
  return `${count < 0 ? '-' : ''}${short(value, true)}${units[unit] ?? ''}`;
}

/** Resources that are counted in bytes; everything else but cpu is counted in pieces. */
export function isByteResource(resource: string): boolean {
  const plain = resource.replace(/^(requests|limits)\./, '');
  return (
    plain === 'memory' ||
    plain === 'storage' ||
    plain === 'ephemeral-storage' ||
    plain.startsWith('hugepages-') ||
    plain.endsWith('.storageclass.storage.k8s.io/requests.storage')
  );
}

/** The amount in the unit of its resource: cpu in cores, memory and storage in bytes, the rest in pieces. */
export function formatResource(resource: string, value: number | null | undefined): string {
  if (/^((requests|limits)\.)?cpu$/.test(resource)) return formatCpu(value);
  return isByteResource(resource) ? formatBytes(value) : formatCount(value);
}

function short(value: number, decimals: boolean): string {
  return decimals && value < 10 ? String(Number(value.toFixed(1))) : String(Math.round(value));
}
