/** What every handler of the API gets: the cluster, the request, who asks and where to answer. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Scope } from '#shared/rpc/scope';
import type { Kind, Registry } from '../store/kinds';
import type { Store } from '../store/store';
import type { User } from './access';
import type { Faults } from './faults';
import type { Output } from './output';
import type { ResourceRoute } from './route';
import type { Snapshots } from './snapshots';
import type { Workings } from './workings';

export interface ApiContext {
  readonly store: Store;
  readonly registry: Registry;
  readonly faults: Faults;
  readonly snapshots: Snapshots;
  /** Cluster time, epoch ms. */
  readonly now: () => number;
  /** Real time between bookmarks of a watch. */
  readonly bookmarkMs: number;
  readonly users: ReadonlyMap<string, User>;
  /** What only the simulation knows: logs, usage, shells. */
  readonly workings: Workings;
  readonly uid: () => string;
  readonly suffix: () => string;
}

export interface Call {
  readonly context: ApiContext;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  readonly query: URLSearchParams;
  readonly method: string;
  readonly user: User;
  readonly output: Output;
  /** Ends with the connection. */
  readonly scope: Scope;
}

/** A call that names a served resource. */
export interface ResourceCall extends Call {
  readonly route: ResourceRoute;
  readonly kind: Kind;
}
