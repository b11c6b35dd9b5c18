/**
 * Asks before a kubeconfig's program is run: once per user entry, again when anything of what is
 * run changed (fault 40). Kubeconfigs in the default places (KUBECONFIG, ~/.kube/config) are the
 * person's own: what stands there when it is first seen counts as agreed, a change does not.
 * Guarantees: no program runs, in a host or a terminal, that `refusal` did not let pass.
 */
import { homedir } from 'node:os';
import { basename } from 'node:path';
import type { PluginQuestion } from '#shared/contract/app';
import { fail } from '#shared/util/app-error';
import { pluginPolicy } from '../kubeconfig/kuberc';
import type { ContextConfig } from '../kubeconfig/types';
import { entryOf, pluginQuestion } from '../cluster-host/plugin-question';
import type { SettingsStore } from './settings';

export interface PluginConsentOptions {
  readonly settings: Pick<SettingsStore, 'value' | 'patch'>;
  readonly environment: () => Promise<Readonly<Record<string, string>>>;
  /** Its file belongs to KUBECONFIG or is ~/.kube/config. */
  readonly isDefaultPlace: (contextId: string) => Promise<boolean>;
  readonly home?: string;
}

export class PluginConsent {
  constructor(private readonly options: PluginConsentOptions) {}

  /** What the person must be asked before this context is used; undefined: nothing. */
  async question(context: ContextConfig): Promise<PluginQuestion | undefined> {
    const { settings, environment, isDefaultPlace, home } = this.options;
    const env = await environment();
    const asked = pluginQuestion(context, env, pluginPolicy(env, home ?? env['HOME'] ?? homedir()));
    if (!asked) return undefined;
    const entry = entryOf(context);
    const agreed = Object.hasOwn(settings.value.plugins, entry) ? settings.value.plugins[entry] : undefined;
    if (asked.refusal === undefined) {
      if (agreed === asked.seen) return undefined;
      if (await isDefaultPlace(context.id)) {
        // Nothing can be run that is not there; which program it will be is not known yet.
        if (asked.path === null) return undefined;
        if (agreed === undefined) {
          this.keep(entry, asked.seen);
          return undefined;
        }
      }
    }
    return { ...asked, changed: agreed !== undefined && agreed !== asked.seen };
  }

  /** Words for why this context may not be used yet; undefined when it may. */
  async refusal(context: ContextConfig): Promise<string | undefined> {
    const question = await this.question(context);
    if (!question) return undefined;
    const program = basename(question.command);
    if (question.refusal !== undefined) return `${program} is not run: ${question.refusal}`;
    return question.changed
      ? `The program this context runs to sign in, ${program}, changed since you agreed to it.`
      : `This context runs a program to sign in, ${program}. It is run only after you agree.`;
  }

  /** AppFailure `credentials` where the person has not agreed. */
  async require(context: ContextConfig): Promise<ContextConfig> {
    const refusal = await this.refusal(context);
    if (refusal === undefined) return context;
    throw fail('credentials', refusal, { hint: 'Connect the cluster: the question is shown there.' });
  }

  /** `seen` is of the question that was shown; another one is not answered by it. */
  async agree(context: ContextConfig, seen: string): Promise<void> {
    const question = await this.question(context);
    if (!question) return;
    if (question.refusal !== undefined) throw fail('forbidden', question.refusal);
    if (question.seen !== seen)
      throw fail('conflict', 'The program changed while you looked at it. Look again, then decide.');
    this.keep(entryOf(context), seen);
  }

  private keep(entry: string, seen: string): void {
    this.options.settings.patch({ plugins: { [entry]: seen } });
  }
}
