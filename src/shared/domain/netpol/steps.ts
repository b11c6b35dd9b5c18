/**
 * Long work in short steps: who runs it may breathe between them, or run it at once. Between two
 * steps nothing of what is worked on may change; who runs them sees to that.
 */
export type Steps<T> = Generator<undefined, T, undefined>;

export function runAtOnce<T>(steps: Steps<T>): T {
  let step = steps.next();
  while (!step.done) step = steps.next();
  return step.value;
}
