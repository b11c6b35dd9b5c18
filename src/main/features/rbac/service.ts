/**
 * Serves the `rbac` slice: questions over the live model, in this process and never on the UI's
 * thread. Reading stops a minute after the last who asked.
 */
import { rbac } from '#shared/contract/rbac';
import { coalesce, implement, type Served } from '#shared/rpc/server';
import { isCancelled, toAppError } from '#shared/util/app-error';
import { answerCan, answerEffective, answerWhoCan, identityOf, namesOf } from './answers';
import { compareSides, matrixOf, removalOf } from './changes';
import { checkGrant } from './grant-check';
import { grantersOf } from './granters';
import { RbacModel, type ModelOptions } from './model';
import { askReview, disagreement } from './review';
import { podSecurityOf } from './pod-security';
import { riskRows } from './risk-rows';

/** Changes are told at most this often, ms. */
const EVERY = 1_000;

export function rbacService(options: ModelOptions): Served {
  const { api } = options;
  const model = new RbacModel(options);
  const lacks = (): readonly string[] => model.state.lacks;

  return implement(rbac, {
    state: ({ pods }, sink) => {
      const feed = coalesce(sink, () => model.state, EVERY);
      model.use(sink.scope, pods);
      model.onChange(feed.mark, sink.scope);
      feed.mark();
      void model.me(sink.signal).catch(() => undefined);
    },
    names: async (_input, signal) => namesOf(await model.index(signal)),
    whoCan: async ({ question }, signal) => {
      const [index, me] = [await model.index(signal), await model.me(signal)];
      return { ...answerWhoCan(index, question, me), lacks: lacks() };
    },
    can: async ({ who, question }, signal) => {
      const index = await model.index(signal);
      const identity = identityOf(who, await model.me(signal));
      const { request, ...answer } = answerCan(index, identity, question);
      try {
        const review = await askReview(api, request, who.kind === 'me', signal);
        const differs = disagreement(answer, review, lacks());
        return { ...answer, lacks: lacks(), review, ...(differs ? { disagreement: differs } : {}) };
      } catch (thrown) {
        if (isCancelled(thrown) && signal.aborted) throw thrown;
        return { ...answer, lacks: lacks(), reviewError: toAppError(thrown) };
      }
    },
    risks: async ({ builtIn }, signal) => {
      const index = await model.index(signal, true);
      return { ...riskRows(index, model.accounts(), model.podList(), builtIn), lacks: lacks() };
    },
    podSecurity: async (_input, signal) => {
      await model.index(signal, true);
      return { ...(await podSecurityOf(api, model.podList(), model.accounts(), signal)), lacks: lacks() };
    },
    removal: async ({ binding }, signal) => ({
      ...removalOf(await model.index(signal), binding),
      lacks: lacks(),
    }),
    compare: async ({ a, b, namespace }, signal) => ({
      ...compareSides(await model.index(signal), a, b, namespace, await model.me(signal)),
      lacks: lacks(),
    }),
    matrix: async (input, signal) => ({ ...matrixOf(await model.index(signal), input), lacks: lacks() }),
    granters: async ({ question }, signal) => ({
      granters: grantersOf(await model.index(signal), question),
      lacks: lacks(),
    }),
    grantCheck: async (asked, signal) => {
      const [index, me] = [await model.index(signal), await model.me(signal)];
      return { ...(await checkGrant(index, me, asked, api, signal)), lacks: lacks() };
    },
    effective: async ({ who, namespace }, signal) => {
      const index = await model.index(signal);
      const identity = identityOf(who, await model.me(signal));
      return { ...answerEffective(index, identity, namespace), lacks: lacks() };
    },
  });
}
