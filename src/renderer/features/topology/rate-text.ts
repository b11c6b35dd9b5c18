/** A rate as a few characters: `0.02`, `3.4`, `120`, `12k`. */
export function rateText(rate: number): string {
  if (rate < 0.01) return '<0.01';
  if (rate < 10) return String(Number(rate.toFixed(rate < 1 ? 2 : 1)));
  if (rate < 10_000) return Math.round(rate).toLocaleString('en');
  return rate < 1e6 ? `${Math.round(rate / 1000)}k` : `${Number((rate / 1e6).toFixed(1))}M`;
}
