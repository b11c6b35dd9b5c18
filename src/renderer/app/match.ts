/** How well words typed match a name: 0 for not at all, more is better. Letters in order suffice. */
export function matchScore(text: string, wanted: string): number {
  const name = text.toLowerCase();
  const word = wanted.trim().toLowerCase();
  if (word === '') return 1;
  if (name === word) return 1000;
  if (name.startsWith(word)) return 900 - Math.min(200, name.length - word.length);
  const inside = name.indexOf(word);
  if (inside > 0) return (isStart(name, inside) ? 650 : 450) - Math.min(100, inside);
  if (word.includes(' ')) {
    const parts = word.split(/\s+/).map((part) => matchScore(name, part));
    return parts.every((score) => score > 0) ? Math.min(...parts) : 0;
  }
  return scattered(name, word);
}

function scattered(name: string, word: string): number {
  let from = 0;
  let score = 0;
  for (const letter of word) {
    const at = name.indexOf(letter, from);
    if (at < 0) return 0;
    score += isStart(name, at) ? 12 : at === from ? 6 : 1;
    from = at + 1;
  }
  // Letters strewn over a long name are chance, not intent.
  return score < word.length * 4 ? 0 : Math.min(300, score * 4);
}

function isStart(name: string, at: number): boolean {
  return at === 0 || !/[\p{L}\p{N}]/u.test(name.charAt(at - 1));
}
