/**
 * Groups and silences of an Alertmanager (API v2) as data, and which alerts a silence matches. What it
 * answers is hostile input: unknown shapes are left out, sizes are capped. Patterns of silences are only run
 * where they are short (the server runs RE2; a pattern that could hang here counts as not matching).
 */
import { readLabels, type Labels } from './answer';
import { linksOf, type AlertLink } from './alerts';

export interface SilenceMatcher {
  readonly name: string;
  readonly value: string;
  readonly isRegex: boolean;
  readonly isEqual: boolean;
}

export interface Silence {
  readonly id: string;
  readonly state: 'active' | 'pending' | 'expired';
  readonly matchers: readonly SilenceMatcher[];
  /** Epoch ms. */
  readonly from: number | null;
  readonly to: number | null;
  readonly by: string;
  readonly comment: string;
}

export interface ManagedAlert {
  readonly fingerprint: string;
  readonly name: string;
  readonly severity: string;
  readonly summary: string;
  readonly labels: Labels;
  /** Epoch ms. */
  readonly since: number | null;
  readonly state: 'active' | 'suppressed' | 'unprocessed';
  /** Ids of silences. */
  readonly silencedBy: readonly string[];
  readonly inhibited: boolean;
  readonly links: readonly AlertLink[];
}

export interface AlertGroup {
  readonly id: string;
  readonly labels: Labels;
  readonly receiver: string;
  readonly alerts: readonly ManagedAlert[];
}

const MOST = 2000;

type Json = Readonly<Record<string, unknown>>;
const object = (value: unknown): Json => (typeof value === 'object' && value !== null ? (value as Json) : {});
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value.slice(0, MOST) : []);
const text = (value: unknown, most = 2000): string => (typeof value === 'string' ? value.slice(0, most) : '');

function time(value: unknown): number | null {
  const at = Date.parse(text(value, 64));
  return Number.isNaN(at) || at <= 0 ? null : at;
}

export function readGroups(answer: unknown): readonly AlertGroup[] {
  return list(answer).map((raw, i): AlertGroup => {
    const { labels, receiver, alerts } = object(raw);
    return {
      id: String(i),
      labels: readLabels(labels),
      receiver: text(object(receiver)['name'], 256),
      alerts: list(alerts).map(readAlert),
    };
  });
}

function readAlert(raw: unknown): ManagedAlert {
  const one = object(raw);
  const labels = readLabels(one['labels']);
  const annotations = readLabels(one['annotations']);
  const { state, silencedBy, inhibitedBy } = object(one['status']);
  return {
    fingerprint: text(one['fingerprint'], 64),
    name: labels['alertname'] ?? 'Alert without a name',
    severity: labels['severity'] ?? '',
    summary: text(annotations['summary'] ?? annotations['message'] ?? annotations['description']),
    labels,
    since: time(one['startsAt']),
    state: state === 'suppressed' || state === 'unprocessed' ? state : 'active',
    silencedBy: list(silencedBy).map((id) => text(id, 64)),
    inhibited: list(inhibitedBy).length > 0,
    links: linksOf(labels),
  };
}

const order = { active: 0, pending: 1, expired: 2 } as const;

/** Active first, then by the end. */
export function readSilences(answer: unknown): readonly Silence[] {
  const found = list(answer).map((raw): Silence => {
    const one = object(raw);
    const { state } = object(one['status']);
    return {
      id: text(one['id'], 64),
      state: state === 'active' || state === 'pending' ? state : 'expired',
      matchers: list(one['matchers']).map(readMatcher),
      from: time(one['startsAt']),
      to: time(one['endsAt']),
      by: text(one['createdBy'], 256),
      comment: text(one['comment']),
    };
  });
  return found.sort((a, b) => order[a.state] - order[b.state] || (a.to ?? 0) - (b.to ?? 0));
}

function readMatcher(raw: unknown): SilenceMatcher {
  const { name, value, isRegex, isEqual } = object(raw);
  return { name: text(name, 256), value: text(value), isRegex: isRegex === true, isEqual: isEqual !== false };
}

/** `severity="critical"`, `pod=~"web-.*"`. */
export function matcherText({ name, value, isRegex, isEqual }: SilenceMatcher): string {
  return `${name}${isEqual ? (isRegex ? '=~' : '=') : isRegex ? '!~' : '!='}${JSON.stringify(value)}`;
}

/** Two repeats over a short text end soon in any engine; groups, which could nest them, are not run. */
const isHarmless = (pattern: string, text: string): boolean =>
  pattern.length <= 200 &&
  text.length <= 1000 &&
  /^(?:[^()\\{}]|\\[.\-dws])*$/.test(pattern) &&
  (pattern.match(/[*+?]/g)?.length ?? 0) <= 2;

/** Whether a silence with these matchers would match the labels; a matcher on an absent label sees an empty value. */
export function silences(matchers: readonly SilenceMatcher[], labels: Labels): boolean {
  return (
    matchers.length > 0 &&
    matchers.every(({ name, value, isRegex, isEqual }) => {
      const found = labels[name] ?? '';
      if (!isRegex) return (found === value) === isEqual;
      if (!isHarmless(value, found)) return false;
      try {
        return new RegExp(`^(?:${value})$`).test(found) === isEqual;
      } catch {
        return false;
      }
    })
  );
}

/** Why the silence may not be made; undefined: it may. Alertmanager refuses one that matches everything. */
export function silenceProblem(matchers: readonly SilenceMatcher[], comment: string): string | undefined {
  if (matchers.length === 0) return 'A silence needs a matcher.';
  const bad = matchers.find(({ name }) => !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name));
  if (bad) return `${JSON.stringify(bad.name)} is no name of a label.`;
  if (
    matchers.every(({ value, isEqual, isRegex }) =>
      isEqual ? value === '' || (isRegex && /^\.\*$/.test(value)) : true,
    )
  )
    return 'At least one matcher must need a value: this would silence everything.';
  if (comment.trim() === '') return 'Say why, for the others who see it.';
  return undefined;
}
