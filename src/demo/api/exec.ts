import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Scope } from '#shared/rpc/scope';
import type { ApiContext } from './context';
import type { ResourceRoute } from './route';
import { noSuchPath } from './status';
export function upgrade(
  context: ApiContext,
  scope: Scope,
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  route: ResourceRoute | undefined,
): void {
  void [context, scope, request, socket, head, route];
  throw noSuchPath();
}
