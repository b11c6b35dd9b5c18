/**
 * Calico's selector expressions (`app == 'web' && has(tier)`) compiled to label tests. What cannot
 * be read matches nothing and is not valid. Depth and length are bounded: the text is hostile.
 */
import type { StringMap } from '../../k8s/types';
import type { Selector } from './selector';

type Test = (labels: StringMap) => boolean;

const MOST_TEXT = 10_000;
const MOST_DEPTH = 50;
const TOKEN =
  /\s*(?:(&&|\|\||==|!=|[!(){},])|"([^"]*)"|'([^']*)'|(all\(\)|global\(\))|(not\s+in\b|starts\s+with\b|ends\s+with\b)|([A-Za-z0-9_./-]+))/y;

interface Token {
  readonly type: 'op' | 'text' | 'whole' | 'word';
  readonly value: string;
}

/** `rename` maps label keys (namespaces have their name under two). Empty text selects all. */
export function calicoSelector(text: string, rename: (key: string) => string = (key) => key): Selector {
  const plain = text.trim();
  const all: Selector = { key: '', requirements: [], valid: true };
  if (plain === '' || plain === 'all()') return all;
  const never = (): Selector => ({
    key: `never ${plain}`,
    requirements: [{ key: '', operator: 'Never', values: new Set() }],
    valid: false,
    text: plain.slice(0, 200),
  });
  if (plain.length > MOST_TEXT) return never();
  const keys = new Set<string>();
  try {
    const parser = new Parser(tokens(plain), (key) => {
      const name = rename(key);
      keys.add(name);
      return name;
    });
    const test = parser.whole();
    return { key: `calico ${plain}`, requirements: [], valid: true, test, keys: [...keys], text: plain };
  } catch {
    return never();
  }
}

function tokens(text: string): Token[] {
  const list: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const match = TOKEN.exec(text);
    if (!match) throw new Error('no token');
    const [, op, double, single, whole, two, word] = match;
    if (op !== undefined) list.push({ type: 'op', value: op });
    else if (double !== undefined || single !== undefined)
      list.push({ type: 'text', value: double ?? single ?? '' });
    else if (whole !== undefined) list.push({ type: 'whole', value: whole });
    else list.push({ type: 'word', value: (two ?? word ?? '').replace(/\s+/g, ' ') });
  }
  return list;
}

function has(labels: StringMap, key: string): boolean {
  return Object.prototype.hasOwnProperty.call(labels, key);
}

class Parser {
  #at = 0;
  #depth = 0;
  readonly #tokens: readonly Token[];
  readonly #key: (key: string) => string;

  constructor(list: readonly Token[], key: (key: string) => string) {
    this.#tokens = list;
    this.#key = key;
  }

  whole(): Test {
    const test = this.#or();
    if (this.#at !== this.#tokens.length) throw new Error('more than an expression');
    return test;
  }

  #next(value?: string): Token {
    const token = this.#tokens[this.#at];
    if (!token || (value !== undefined && (token.type === 'text' || token.value !== value)))
      throw new Error('unexpected');
    this.#at += 1;
    return token;
  }

  #is(value: string): boolean {
    const token = this.#tokens[this.#at];
    return token !== undefined && token.type !== 'text' && token.value === value;
  }

  #or(): Test {
    const list = [this.#and()];
    while (this.#is('||')) {
      this.#next();
      list.push(this.#and());
    }
    return list.length === 1 ? list[0]! : (labels) => list.some((test) => test(labels));
  }

  #and(): Test {
    const list = [this.#unary()];
    while (this.#is('&&')) {
      this.#next();
      list.push(this.#unary());
    }
    return list.length === 1 ? list[0]! : (labels) => list.every((test) => test(labels));
  }

  #unary(): Test {
    if ((this.#depth += 1) > MOST_DEPTH) throw new Error('too deep');
    try {
      if (this.#is('!')) {
        this.#next();
        const inner = this.#unary();
        return (labels) => !inner(labels);
      }
      if (this.#is('(')) {
        this.#next();
        const inner = this.#or();
        this.#next(')');
        return inner;
      }
      return this.#simple();
    } finally {
      this.#depth -= 1;
    }
  }

  #simple(): Test {
    const first = this.#next();
    // Pods are never global: that means things without a namespace.
    if (first.type === 'whole') return first.value === 'all()' ? () => true : () => false;
    if (first.type !== 'word') throw new Error('unexpected');
    if (first.value === 'has' && this.#is('(')) {
      this.#next();
      const key = this.#key(this.#next().value);
      this.#next(')');
      return (labels) => has(labels, key);
    }
    const key = this.#key(first.value);
    const operator = this.#next().value;
    if (operator === 'in' || operator === 'not in') {
      const values = this.#set();
      return operator === 'in'
        ? (labels) => has(labels, key) && values.has(labels[key]!)
        : (labels) => !has(labels, key) || !values.has(labels[key]!);
    }
    const { type, value } = this.#next();
    if (type !== 'text') throw new Error('no text');
    switch (operator) {
      case '==':
        return (labels) => has(labels, key) && labels[key] === value;
      case '!=':
        return (labels) => !has(labels, key) || labels[key] !== value;
      case 'contains':
        return (labels) => has(labels, key) && labels[key]!.includes(value);
      case 'starts with':
        return (labels) => has(labels, key) && labels[key]!.startsWith(value);
      case 'ends with':
        return (labels) => has(labels, key) && labels[key]!.endsWith(value);
      default:
        throw new Error('no operator');
    }
  }

  #set(): ReadonlySet<string> {
    const values = new Set<string>();
    this.#next('{');
    while (!this.#is('}')) {
      const { type, value } = this.#next();
      if (type !== 'text') throw new Error('no text');
      values.add(value);
      if (!this.#is('}')) this.#next(',');
    }
    this.#next('}');
    return values;
  }
}
