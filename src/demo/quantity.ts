/** Quantities as plain numbers; NaN for what is none. */
const units: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 1024,
  Mi: 1024 ** 2,
  Gi: 1024 ** 3,
  Ti: 1024 ** 4,
};

export function parseQuantity(text: string | undefined): number {
  const match = /^([+-]?[\d.]+(?:[eE][+-]?\d+)?)([a-zA-Z]*)$/.exec(text ?? '');
  return match ? Number(match[1]) * (units[match[2] ?? ''] ?? NaN) : NaN;
}

export const millicores = (cores: number): string => `${Math.round(cores * 1e9)}n`;
export const kibibytes = (bytes: number): string => `${Math.round(bytes / 1024)}Ki`;
