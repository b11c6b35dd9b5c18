/**
 * The drawer's tabs as a list: to add one, add an entry. Panels that are heavy load on first use.
 * `offered` says for which kinds a tab makes sense; `title` may count.
 */
import type { ComponentType } from 'react';
import type { Around, EventFact } from '#shared/domain/health/types';
import type { ObjectEventsState, ObjectRef } from '#shared/contract/resources';
import type { RpcClient } from '#shared/rpc/client';
import { lazy } from '../../../ui/lazy';
import type { FactLink, PlainObject } from './facts';
import { EventsTab } from './EventList';
import { versionsOf } from './history';
import { Summary } from './Summary';

/** Everything a tab may show of the object; what is missing has not arrived. */
export interface DetailProps {
  readonly clusterId: string;
  readonly client: RpcClient | undefined;
  readonly reference: ObjectRef;
  readonly uid: string;
  readonly object: PlainObject;
  readonly around: Around;
  readonly events: ObjectEventsState | undefined;
  readonly facts: readonly EventFact[];
  readonly clockOffset: number;
  readonly onGo: (link: FactLink) => void;
}

export interface DetailTab {
  readonly id: string;
  readonly title: string;
  readonly count?: (props: DetailProps) => number | undefined;
  readonly offered?: (kind: string) => boolean;
  readonly component: ComponentType<DetailProps>;
}

export const detailTabs: readonly DetailTab[] = [
  { id: 'summary', title: 'Summary', component: Summary },
  { id: 'events', title: 'Events', count: ({ events }) => events?.events.length, component: EventsTab },
  {
    id: 'changes',
    title: 'Changes',
    count: ({ clusterId, uid }) => Math.max(0, versionsOf(`${clusterId}/${uid}`).length - 1) || undefined,
    component: lazy(() => import('./ChangesTab').then((module) => ({ default: module.ChangesTab }))),
  },
  {
    id: 'yaml',
    title: 'YAML',
    component: lazy(() => import('./YamlTab').then((module) => ({ default: module.YamlTab }))),
  },
];
