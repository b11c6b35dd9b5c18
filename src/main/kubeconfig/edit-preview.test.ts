import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changeText } from './edit';
import { removedLines, withoutSecrets, type Removal } from './edit-preview';

const file = `# mine
contexts:
- context:
    cluster: a
    user: a
  name: a
- context: # the second
    cluster: b
    user: b
  name: b
clusters:
- cluster:
    server: https://a
    proxy-url: http://me:hunter2@proxy:3128
  name: a
- {name: b, cluster: {server: "https://b"}}
users:
- name: a
  user:
    token: s3cret-token
    client-key-data: >-
      s3cret
      key
    exec:
      command: aws
      args:
      - --s3cret
      env:
      - name: PASS
        value: s3cret
- {name: b, user: {password: s3cret, username: s3cret}}
`;

const numbers = (removal: Removal): string =>
  removedLines('/f', file, removal)
    .map((line) => `${line.number}${line.part[0]}`)
    .join(' ');

describe('removedLines', () => {
  it.each([
    [{ context: 'a' }, '3c 4c 5c 6c'],
    [{ context: 'b', cluster: 'b' }, '7c 8c 9c 10c 16c'],
    [{ context: 'a', cluster: 'a' }, '3c 4c 5c 6c 12c 13c 14c 15c'],
    [{ context: 'a', user: 'a' }, '3c 4c 5c 6c 18u 19u 20u 21u 22u 23u 24u 25u 26u 27u 28u 29u 30u'],
  ] as [Removal, string][])('%j takes %s', (removal, expected) => {
    expect(numbers(removal)).toBe(expected);
    // What is left is the file without exactly these lines.
    const gone = new Set(removedLines('/f', file, removal).map((line) => line.number));
    const left = file.split('\n').filter((_, at) => !gone.has(at + 1));
    expect(changeText('/f', file, { op: 'remove', ...removal }).split('\n')).toEqual(left);
  });

  it('shows no secret', () => {
    for (const name of ['a', 'b']) {
      const shown = removedLines('/f', file, { context: name, cluster: name, user: name });
      expect(shown.map((line) => line.text).join('\n')).not.toMatch(/s3cret|hunter2/);
    }
    expect(removedLines('/f', file, { context: 'a', user: 'a' }).map((line) => line.text)).toContain(
      '      command: aws',
    );
  });

  it('shows no secret, whatever the style of a user entry', () => {
    const secret = 'Zq9-Zq9-Zq9';
    const line = fc.tuple(
      fc.constantFrom('', '  ', '- ', '  - '),
      fc.constantFrom(
        'token: ',
        '"token": ',
        'password:',
        "'client-secret' : ",
        '',
        '# ',
        '{token: ',
        'x{"a":',
      ),
      fc.constantFrom('', '"', "'", '{a: ', '[', '|\n'),
    );
    fc.assert(
      fc.property(line, (parts) => {
        expect(withoutSecrets(`${parts.join('')}${secret}`, 'user')).not.toContain(secret);
      }),
    );
  });
});
