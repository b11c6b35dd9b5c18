/** Faults 59, 60 and 63: edits that the server refuses, loses or never gets. */
import { beforeEach, expect } from 'vitest';
import { objects, type WriteResult } from '#shared/contract/objects';
import type { InputOf } from '#shared/rpc/define';
import { ask } from '../../src/demo/test-client';
import { errorOf, sendJson } from '../integration/k8s-support';
import { on, type Front } from './support/front';
import { fault } from './support/row';
import type { Page } from './support/sessions';
import { stage } from './support/stage';

const s = stage();

let server: Front;
let page: Page;
let count = 0;
let name = '';

type Write = InputOf<(typeof objects)['members']['write']>;

const path = (): string => `/api/v1/namespaces/shop/configmaps/${name}`;
const ref = (): { kind: string; namespace: string; name: string } => ({
  kind: 'configmaps',
  namespace: 'shop',
  name,
});
const stored = async (): Promise<{ data?: Record<string, string>; metadata?: object }> =>
  (await ask(s.demo, path())).body;
const text = (data: string): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n  namespace: shop\ndata:\n${data}`;

beforeEach(async () => {
  count += 1;
  name = `fault-edit-${count}`;
  await ask(s.demo, '/api/v1/namespaces/shop/configmaps', {
    method: 'POST',
    body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { color: 'red', size: '1' } },
  });
  server = await s.before();
  page = s.page(server);
});

/** What somebody else does meanwhile. */
const meanwhile = (data: object): Promise<unknown> =>
  ask(s.demo, path(), { method: 'PATCH', type: 'application/merge-patch+json', body: { data } });

async function edit(change: Partial<Write> & { text: string }, then?: () => unknown): Promise<WriteResult> {
  const { base } = await page.client.call(objects, 'read', { ...ref(), reveal: false });
  await then?.();
  return page.client.call(objects, 'write', {
    how: 'update',
    dryRun: false,
    force: false,
    reveal: false,
    target: ref(),
    base,
    ...change,
  });
}
function refused(result: WriteResult): Extract<WriteResult, { ok: false }> {
  if (result.ok) throw new Error('it was not refused');
  return result;
}

fault(
  59,
  async () => {
    const result = refused(
      await edit({ text: text('  color: blue\n  size: "1"\n') }, () => meanwhile({ color: 'green' })),
    );
    expect(result.refusal).toBe('changed');
    const [conflict] = result.merge?.conflicts ?? [];
    expect(conflict).toMatchObject({ base: 'red\n', mine: 'blue\n', theirs: 'green\n' });
    // Nothing was overwritten.
    expect((await stored()).data).toEqual({ color: 'green', size: '1' });
  },
  '409: three versions side by side',
);

fault(
  59,
  async () => {
    const result = refused(
      await edit({ text: text('  color: blue\n  size: "1"\n') }, () => meanwhile({ size: '2' })),
    );
    // Both changes fit: the merge has them both and asks nothing.
    expect(result).toMatchObject({ refusal: 'changed', merge: { conflicts: [] } });
    expect(result.merge?.text).toMatch(/color: blue/);
    expect(result.merge?.text).toMatch(/size: "2"/);
  },
  'changed elsewhere: merged, not overwritten',
);

fault(
  59,
  async () => {
    const gone = refused(
      await edit({ text: text('  color: blue\n') }, () => ask(s.demo, path(), { method: 'DELETE' })),
    );
    expect(gone.refusal).toBe('gone');
    expect(gone.error.hint).toMatch(/text is kept/);
  },
  'deleted',
);

const status = (code: number, reason: string, message: string, causes: object[] = []): object => ({
  kind: 'Status',
  status: 'Failure',
  code,
  reason,
  message,
  details: { causes },
});
for (const [part, answer, expected] of [
  [
    'webhook',
    status(400, 'BadRequest', 'admission webhook "policy.example" denied the request: no blue here'),
    { refusal: 'webhook', error: { message: /no blue here/ } },
  ],
  [
    '422 with a list',
    status(422, 'Invalid', 'ConfigMap "x" is invalid', [
      { reason: 'FieldValueInvalid', field: 'data.color', message: 'Invalid value: "blue"' },
      { reason: 'FieldValueRequired', field: 'data.size', message: 'Required value' },
    ]),
    { refusal: 'invalid', error: { message: /data\.color[\s\S]*data\.size/ } },
  ],
  [
    'immutable field',
    status(422, 'Invalid', 'ConfigMap "x" is invalid', [
      {
        reason: 'FieldValueForbidden',
        field: 'data',
        message: 'Forbidden: field is immutable when `immutable` is set',
      },
    ]),
    { refusal: 'immutable', error: { message: /^data of a ConfigMap cannot be changed/ } },
  ],
] as const)
  fault(
    59,
    async () => {
      server.rules.push(
        on(/^PUT .*\/configmaps\//, (response) =>
          sendJson(response, answer, (answer as { code: number }).code),
        ),
      );
      const result = refused(await edit({ text: text('  color: blue\n') }));
      expect(result.refusal).toBe(expected.refusal);
      const words = [
        result.error.message,
        ...(result.error.causes ?? []).map((one) => `${one.field} ${one.message}`),
      ];
      expect(words.join('\n')).toMatch(expected.error.message);
    },
    part,
  );

fault(
  59,
  async () => {
    const apply = { how: 'apply', text: text('  color: blue\n') } as const;
    const result = refused(await edit(apply));
    expect(result.refusal).toBe('owners');
    expect(result.owners?.map((one) => one.manager)).toContain('unknown');
    const writes = (): string[] => server.asked.filter((one) => one.startsWith('PATCH'));
    // Force is never sent unasked.
    expect(writes().join()).not.toContain('force');
    expect((await edit({ ...apply, force: true })).ok).toBe(true);
    expect(writes().at(-1)).toContain('force=true');
  },
  'field managers: force only when asked',
);

/** The request arrives (or not), and the answer never comes. */
function loseAnswer(arrives: boolean, then?: () => Promise<unknown>): void {
  server.rules.push((request, response, body) => {
    if (request.method !== 'PUT') return false;
    const work = async (): Promise<void> => {
      if (arrives) await ask(s.demo, request.url ?? '', { method: 'PUT', body });
      await then?.();
      response.destroy();
    };
    void work();
    return true;
  });
}
const puts = (): number => server.asked.filter((one) => one.startsWith('PUT')).length;

fault(
  60,
  async () => {
    loseAnswer(true);
    const result = await edit({ text: text('  color: blue\n') });
    expect(result).toMatchObject({ ok: true, unchanged: false });
    if (result.ok) expect(result.warnings.join()).toMatch(/answer was lost.*it is saved/);
    expect((await stored()).data).toEqual({ color: 'blue' });
    expect(puts()).toBe(1);
  },
  'the answer is lost, the change is saved',
);

fault(
  60,
  async () => {
    loseAnswer(false);
    const error = await errorOf(edit({ text: text('  color: blue\n') }));
    expect(error.message).toMatch(/so far the change is not saved/);
    expect(error.hint).toMatch(/text is kept/);
    expect(puts()).toBe(1);
    expect((await stored()).data).toEqual({ color: 'red', size: '1' });
  },
  'the request is lost: not saved, and not sent twice',
);

for (const [part, after] of [
  ['it changed again', () => meanwhile({ color: 'green' })],
  ['it cannot be read again', undefined],
] as const)
  fault(
    60,
    async () => {
      loseAnswer(true, async () => {
        await after?.();
        if (!after) server.rules.unshift(on(/^GET .*\/configmaps\//, (response) => void response.destroy()));
      });
      const error = await errorOf(edit({ text: text('  color: blue\n') }));
      expect(error.message).toMatch(/Outcome unknown/);
      expect(error.reason).toBe('OutcomeUnknown');
      expect(puts()).toBe(1);
    },
    `unknown: ${part}`,
  );

const head = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n';
for (const [part, yaml, message, line] of [
  ['tab', `${head}data:\n\ta: b\n`, /tab cannot indent/, 5],
  ['duplicate key', `${head}data:\n  a: b\n  a: c\n`, /stands twice/, 6],
  ['octal', `${head}data:\n  mode: 0123\n`, /octal number: it is read as 83/, 5],
  ['yes', `${head}data:\n  on: yes\n`, /read yes as true/, 5],
] as const)
  fault(
    63,
    async () => {
      const { remarks } = await page.client.call(objects, 'check', { text: yaml });
      const remark = remarks.find((one) => message.test(one.message));
      expect(remark).toBeDefined();
      expect(yaml.slice(0, remark?.from).split('\n')).toHaveLength(line);
    },
    part,
  );

fault(
  63,
  async () => {
    const { objects: found, remarks } = await page.client.call(objects, 'check', {
      text: `${head}---\n# only words\n---\n${head.replace('x}', 'z}')}`,
    });
    expect(remarks.filter((one) => one.severity === 'error')).toEqual([]);
    expect(found.map((one) => one.name)).toEqual(['x', 'z']);
  },
  'several documents',
);

const bomb = [
  'a: &a [x, x, x, x, x, x, x, x, x]',
  ...'bcdefghi'.split('').map((one, at) => {
    const before = 'abcdefgh'[at] ?? 'a';
    return `${one}: &${one} [${Array(9).fill(`*${before}`).join(', ')}]`;
  }),
].join('\n');
const big = (make: (at: number) => string, characters = 5_000_000): string => {
  const parts: string[] = [];
  for (let at = 0, length = 0; length < characters; at += 1) {
    const part = make(at);
    parts.push(part);
    length += part.length;
  }
  return parts.join('').slice(0, characters);
};
for (const [part, yaml, message] of [
  ['alias bomb', `${head}${bomb}\n`, /Aliases repeat too much/],
  ['a million small values', `${head}data: [${big(() => '1,')}]`, /too much to be checked/],
  ['a million documents', big(() => 'a: 1\n---\n'), /too much to be checked/],
  ['nested 200,000 deep', `${head}data: ${'['.repeat(200_000)}`, /nested too deeply/],
  [
    '5 MB in one value',
    `${head}data:\n  text: |\n${big(() => `    ${'x'.repeat(96)}\n`, 4_900_000)}`,
    undefined,
  ],
] as const)
  fault(
    63,
    async () => {
      const began = performance.now();
      const { remarks } = await page.client.call(objects, 'check', { text: yaml });
      expect(performance.now() - began).toBeLessThan(5_000);
      const errors = remarks.filter((one) => one.severity === 'error').map((one) => one.message);
      if (message) expect(errors.join('\n')).toMatch(message);
      else expect(errors).toEqual([]);
    },
    part,
  );
