import { defineKind } from './define';
import { routeColumns, routeMask, type Route } from './route';

export const grpcRoute = defineKind<Route>({
  group: 'gateway.networking.k8s.io',
  resource: 'grpcroutes',
  kind: 'GRPCRoute',
  versions: ['v1', 'v1alpha2'],
  namespaced: true,
  title: 'gRPC routes',
  singular: 'gRPC route',
  tag: 'grpcroute',
  aliases: [],
  section: 'network',
  order: 24,
  mask: routeMask,
  columns: routeColumns(),
});
