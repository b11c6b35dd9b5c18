/** Reading hostile objects, and making findings with less words. */
import { at, list, map, word } from '../actions/read';
import type { EventFact, Evidence, Finding, ObjectLink, Step, Subject } from './types';

export { at, list, map, word };

/** A condition of `status.conditions` by type. */
export function cond(object: unknown, type: string): Readonly<Record<string, unknown>> | undefined {
  return list(at(object, 'status', 'conditions')).find((one) => one['type'] === type);
}

export function isCond(object: unknown, type: string, status = 'True'): boolean {
  return cond(object, type)?.['status'] === status;
}

export function number(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : 0;
}

/** Epoch ms of a time of the server; null for anything else. */
export function time(value: unknown): number | null {
  if (typeof value !== 'string' || value.length > 40) return null;
  const ms = Date.parse(value);
  return Number.isNaN(ms) ? null : ms;
}

export function name(object: unknown): string {
  return word(at(object, 'metadata', 'name'));
}

export function namespace(object: unknown): string {
  return word(at(object, 'metadata', 'namespace'));
}

export function link(kind: string, namespace_: string, name_: string): ObjectLink {
  return { kind, namespace: namespace_, name: name_ };
}

export function open(title: string, to: ObjectLink): Step {
  return { do: 'open', title, link: to };
}

export function logs(container: string, previous: boolean): Step {
  const title = previous ? 'Log of the last run' : 'Log';
  return { do: 'logs', title, previous, container };
}

export const seeEvents: Step = { do: 'tab', title: 'Events', tab: 'events' };

export interface Draft {
  readonly tone?: Finding['tone'];
  readonly cause?: string;
  readonly next: string;
  readonly steps?: readonly Step[];
  readonly evidence: readonly Evidence[];
}

export function finding(rule: string, what: string, draft: Draft): Finding {
  const { tone = 'bad', cause = '', next, steps = [], evidence } = draft;
  return { rule, tone, what, cause, next, steps, evidence };
}

/** `status.conditions[Ready]` with its status, reason and message. */
export function ofCondition(object: unknown, type: string): Evidence {
  const one = cond(object, type);
  const parts = [word(one?.['status']), word(one?.['reason']), word(one?.['message'])].filter(Boolean);
  return { path: `status.conditions[${type}]`, value: parts.join(', ') };
}

/** Newest event of these reasons whose message fits. */
export function event(subject: Subject, reasons: readonly string[], fits?: RegExp): EventFact | undefined {
  let best: EventFact | undefined;
  for (const one of subject.events) {
    if (!reasons.includes(one.reason) || (fits && !fits.test(one.message))) continue;
    if (!best || (one.last ?? 0) > (best.last ?? 0)) best = one;
  }
  return best;
}

export function ofEvent(one: EventFact): Evidence {
  return { path: `event ${one.reason} of ${one.about}`, value: one.message };
}
