/** Fails any test file that leaves a scope alive: a listener, timer, socket or child nobody ended. */
import { afterAll, expect } from 'vitest';
import { liveScopes } from '../../src/shared/rpc/scope';

afterAll(() => {
  expect(liveScopes(), 'scopes still alive after the tests of this file').toEqual([]);
});
