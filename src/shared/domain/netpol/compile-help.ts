/** What the compilers of all four kinds share. */
import type { PortItem, PortSpec } from './compiled';
import { MAX_PORT, NONE, PROTOCOLS, unionConn, type Protocol } from './ports';
import { compileSelector, type Selector } from './selector';
import type { PolicyProblem } from './types';

export type Tell = (code: PolicyProblem['code'], at: string, rule: string, text: string) => void;

export function isPort(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= MAX_PORT;
}

export function protocolOf(value: unknown): Protocol | undefined {
  return PROTOCOLS.find((protocol) => protocol === value);
}

export function portSpec(items: readonly PortItem[]): PortSpec {
  return {
    items,
    base: items.reduce((all, item) => unionConn(all, item.ports), NONE),
    named: items.flatMap((item) => item.named ?? []),
  };
}

export function selector(value: unknown, at: string, tell: Tell): Selector {
  const compiled = compileSelector(value);
  if (!compiled.valid) tell('badSelector', at, 'S10', 'this selector cannot be read: it matches nothing');
  return compiled;
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}
