import fc from 'fast-check';
import { expect, it } from 'vitest';
import { PlainText } from './plain-text';

const take = (text: string): string => new PlainText().take(Buffer.from(text));

it.each([
  ['colours', '\x1b[1;31mred\x1b[0m\r\n', 'red\n'],
  ['titles and the clipboard', '\x1b]0;title\x07a\x1b]52;c;aGk=\x1b\\b', 'ab'],
  ['device control', '\x1bPq#0\x1b\\x', 'x'],
  ['character sets', '\x1b(Bx', 'x'],
  ['bells and deletes', 'a\x07\x7fb\tc', 'ab\tc'],
  ['an escape inside a sequence', '\x1b[3\x1b[1mx', 'x'],
])('drops %s', (_, raw, plain) => {
  expect(take(raw)).toBe(plain);
});

it('gives the same however the bytes are cut, and never a control character', () => {
  const piece = fc.constantFrom(
    '\x1b',
    '[',
    ']',
    '52;',
    '\x07',
    '\\',
    'm',
    'é',
    '漢',
    '\n',
    '\r',
    'a',
    'P',
    '(',
    '\x00',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), fc.array(fc.nat(60), { maxLength: 5 }), (parts, cuts) => {
      const bytes = Buffer.from(parts.join(''));
      const plain = new PlainText();
      let out = '';
      let at = 0;
      for (const cut of [...cuts.filter((n) => n < bytes.length).sort((a, b) => a - b), bytes.length]) {
        out += plain.take(bytes.subarray(at, cut));
        at = cut;
      }
      expect(out).toBe(take(parts.join('')));
      expect(out).not.toMatch(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/);
    }),
  );
});
