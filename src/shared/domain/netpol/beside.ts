/** A verdict beside what a real connection did: whether they agree, and what it means if not. */

export interface Tried {
  readonly ok: boolean;
  /** What was printed or said: tells "refused" from "no answer". */
  readonly words: string;
}

export interface Beside {
  readonly agrees: boolean;
  readonly text: string;
}

/** `enforced`: whether a plugin enforces policies; undefined: not known. */
export function besideVerdict(allowed: boolean, enforced: boolean | undefined, tried: Tried): Beside {
  const refused = /refused/i.test(tried.words) && !/or no answer/i.test(tried.words);
  if (allowed) {
    if (tried.ok) return { agrees: true, text: 'Policies allow it, and it connects.' };
    if (refused)
      return {
        agrees: true,
        text: 'Policies allow it and the packets arrive, but nothing listens on that port: look at the application.',
      };
    return {
      agrees: false,
      text: 'Policies allow it, yet nothing answers: look at the application, its port, routes and firewalls outside of the cluster.',
    };
  }
  if (!tried.ok && !refused) return { agrees: true, text: 'Policies deny it, and it does not connect.' };
  const what = tried.ok ? 'it connects' : 'the packets arrive (the port is closed)';
  if (enforced === false)
    return { agrees: true, text: `Policies deny it, yet ${what}: nothing enforces them here.` };
  return {
    agrees: false,
    text: `Policies deny it, yet ${what}: the plugin may lag or not enforce this, or the connection is older than the policy.`,
  };
}
