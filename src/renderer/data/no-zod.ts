/**
 * Stands in for `zod` in the renderer's bundle (see electron.vite.config.ts). The window only
 * needs the names in a contract slice: inputs are checked where they arrive, in main and the
 * hosts. Leaving zod out takes half of the first script away, and with it zod's probe for
 * `eval`, which the page's content rules would report. Whoever parses here gets an error.
 */

const chain = (): unknown => schema;
const refuse = (): never => {
  throw new Error('Schemas are checked in main and the hosts, not in the window.');
};

const schema: unknown = new Proxy(
  {},
  {
    get: (_, name) => {
      if (typeof name === 'symbol' || name === 'then') return undefined;
      return /^(safe)?(parse|decode|encode)/i.test(name) ? refuse : chain;
    },
  },
);

export const z: unknown = new Proxy({}, { get: () => chain });
