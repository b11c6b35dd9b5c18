/**
 * Continue tokens: each names a kept, immutable list. Pages of one list are therefore of
 * one resource version, as with etcd; the oldest lists are let go first (410 afterwards).
 */
import type { KObject } from '../model';
import { badRequest, expired } from './status';

const kept = 64;

interface Token {
  readonly id: number;
  readonly from: number;
}

interface Snapshot {
  readonly items: readonly KObject[];
  readonly version: number;
}

export class Snapshots {
  private readonly lists = new Map<number, Snapshot>();
  private last = 0;

  keep(items: readonly KObject[], version: number): number {
    this.lists.set(++this.last, { items, version });
    for (const id of this.lists.keys()) {
      if (this.lists.size <= kept) break;
      this.lists.delete(id);
    }
    return this.last;
  }

  token(id: number, from: number): string {
    return Buffer.from(JSON.stringify({ v: 'meta.k8s.io/v1', id, from })).toString('base64url');
  }

  /** The rest of a list; 410 when it is no longer kept, 400 when the token is none of ours. */
  resume(text: string): Snapshot & Token {
    let token: Token;
    try {
      token = JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as Token;
      if (!Number.isInteger(token.id) || !Number.isInteger(token.from)) throw new Error('no token');
    } catch {
      throw badRequest('continue key is not valid');
    }
    const list = this.lists.get(token.id);
    if (!list)
      throw expired(
        'The provided continue parameter is too old to display a consistent list result. You must start a new list without the continue parameter.',
      );
    return { ...list, ...token };
  }

  forget(): void {
    this.lists.clear();
  }
}
