/** Sections that only some kinds have, by kind id: they stand right below the key facts. To add one, add an entry. */
import type { ComponentType } from 'react';
import type { DetailProps } from '../tabs';
import { Autoscaler } from './Autoscaler';
import { Budget } from './Budget';
import { CronRuns } from './CronRuns';
import { Definition } from './Definition';
import { EventAbout } from './EventAbout';
import { Listeners, RouteRules } from './RouteRules';
import { Space } from './Space';
import { Volume } from './Storage';

export interface OwnSection {
  readonly component: ComponentType<DetailProps>;
  /** It says all of the key facts already, better. */
  readonly instead?: boolean;
}

export const ownSections: Readonly<Record<string, OwnSection>> = {
  'cronjobs.batch': { component: CronRuns },
  'customresourcedefinitions.apiextensions.k8s.io': { component: Definition },
  events: { component: EventAbout, instead: true },
  'events.events.k8s.io': { component: EventAbout, instead: true },
  'gateways.gateway.networking.k8s.io': { component: Listeners },
  'grpcroutes.gateway.networking.k8s.io': { component: RouteRules },
  'horizontalpodautoscalers.autoscaling': { component: Autoscaler, instead: true },
  'httproutes.gateway.networking.k8s.io': { component: RouteRules },
  'ingresses.networking.k8s.io': { component: RouteRules },
  namespaces: { component: Space },
  persistentvolumes: { component: Volume },
  'poddisruptionbudgets.policy': { component: Budget, instead: true },
};

export function ownSection(kind: string): OwnSection | undefined {
  return Object.hasOwn(ownSections, kind) ? ownSections[kind] : undefined;
}
