/**
 * What the user of this connection may do, by the server's own word.
 * Guarantees: an answer is asked once and kept for 5 minutes; the same question in flight is
 * shared; at most 6 at a time. A server that cannot answer is an error, never a "no".
 */
import type { ApiRequest, Api } from './api';

const KEEP_MS = 5 * 60_000;
const PARALLEL = 6;
const MAX_KEPT = 5_000;

export interface AccessQuestion {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string;
  readonly namespace?: string;
  readonly name?: string;
}

export interface AccessAnswer {
  readonly allowed: boolean;
  readonly reason: string;
}

export interface WhoAmI {
  readonly name: string;
  readonly groups: readonly string[];
}

export interface AccessRule {
  readonly verbs: readonly string[];
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames: readonly string[];
}

export interface AccessRules {
  readonly rules: readonly AccessRule[];
  /** The server could not tell all of them (webhook authorizers). */
  readonly incomplete: boolean;
}

export class Access {
  private readonly answers = new Map<string, { at: number; answer: Promise<unknown> }>();
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(private readonly api: Api) {}

  /** Who the server takes us for; undefined where it cannot say (before 1.26, or denied). */
  async whoAmI(signal: AbortSignal): Promise<WhoAmI | undefined> {
    for (const version of ['v1', 'v1beta1']) {
      try {
        const answer = await this.review<{
          status?: { userInfo?: { username?: string; groups?: string[] } };
        }>(
          `/apis/authentication.k8s.io/${version}/selfsubjectreviews`,
          { apiVersion: `authentication.k8s.io/${version}`, kind: 'SelfSubjectReview' },
          signal,
        );
        const info = answer.status?.userInfo;
        return info?.username === undefined ? undefined : { name: info.username, groups: info.groups ?? [] };
      } catch (thrown) {
        const { status } = (thrown as { error?: { status?: number } }).error ?? {};
        if (status === 403) return undefined;
        if (status !== 404) throw thrown;
      }
    }
    return undefined;
  }

  can(question: AccessQuestion, signal: AbortSignal): Promise<AccessAnswer> {
    return this.kept(JSON.stringify(['can', question]), async () => {
      const answer = await this.review<{ status?: { allowed?: boolean; reason?: string } }>(
        '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
        {
          apiVersion: 'authorization.k8s.io/v1',
          kind: 'SelfSubjectAccessReview',
          spec: { resourceAttributes: { ...question } },
        },
        signal,
      );
      return { allowed: answer.status?.allowed === true, reason: answer.status?.reason ?? '' };
    });
  }

  canAll(questions: readonly AccessQuestion[], signal: AbortSignal): Promise<AccessAnswer[]> {
    return Promise.all(questions.map((question) => this.can(question, signal)));
  }

  rules(namespace: string, signal: AbortSignal): Promise<AccessRules> {
    return this.kept(JSON.stringify(['rules', namespace]), async () => {
      interface Rule {
        verbs?: string[];
        apiGroups?: string[];
        resources?: string[];
        resourceNames?: string[];
      }
      const answer = await this.review<{ status?: { resourceRules?: Rule[] | null; incomplete?: boolean } }>(
        '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews',
        { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectRulesReview', spec: { namespace } },
        signal,
      );
      return {
        rules: (answer.status?.resourceRules ?? []).map((rule) => ({
          verbs: rule.verbs ?? [],
          apiGroups: rule.apiGroups ?? [],
          resources: rule.resources ?? [],
          resourceNames: rule.resourceNames ?? [],
        })),
        incomplete: answer.status?.incomplete === true,
      };
    });
  }

  /** Forgets what was answered: credentials or roles changed. */
  forget(): void {
    this.answers.clear();
  }

  /** An abort of one who asked drops the answer for all; the next one asks again. */
  private kept<T>(key: string, ask: () => Promise<T>): Promise<T> {
    const now = Date.now();
    const held = this.answers.get(key);
    if (held && now - held.at < KEEP_MS) return held.answer as Promise<T>;
    const answer = ask();
    this.answers.delete(key);
    this.answers.set(key, { at: now, answer });
    answer.catch(() => {
      if (this.answers.get(key)?.answer === answer) this.answers.delete(key);
    });
    for (const oldest of this.answers.keys()) {
      if (this.answers.size <= MAX_KEPT) break;
      this.answers.delete(oldest);
    }
    return answer;
  }

  private async review<T>(path: string, body: unknown, signal: AbortSignal): Promise<T> {
    if (this.running >= PARALLEL) await new Promise<void>((resolve) => this.waiting.push(resolve));
    this.running += 1;
    try {
      const request: ApiRequest = { method: 'POST', path, body: JSON.stringify(body) };
      return await this.api.json<T>(request, signal, 1024 * 1024);
    } finally {
      this.running -= 1;
      this.waiting.shift()?.();
    }
  }
}
