import { defineKind } from './define';
import { routeColumns, routeMask, type Route } from './route';

export const httpRoute = defineKind<Route>({
  group: 'gateway.networking.k8s.io',
  resource: 'httproutes',
  kind: 'HTTPRoute',
  versions: ['v1', 'v1beta1'],
  namespaced: true,
  title: 'HTTP routes',
  singular: 'HTTP route',
  tag: 'httproute',
  aliases: [],
  section: 'network',
  order: 23,
  mask: routeMask,
  columns: routeColumns(),
});
