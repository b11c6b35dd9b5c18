/** What metrics of an Ingress are found by: its routes and backends, read from the object as it is. */
import type { MetricsTarget } from '#shared/domain/prom/charts';

interface Backend {
  readonly service?: {
    readonly name?: unknown;
    readonly port?: { readonly name?: unknown; readonly number?: unknown };
  };
}
interface Spec {
  readonly defaultBackend?: Backend;
  readonly rules?: readonly {
    readonly host?: unknown;
    readonly http?: { readonly paths?: readonly { readonly path?: unknown; readonly backend?: Backend }[] };
  }[];
}

/** Of a pattern; more rules than that are those of another kind of object. */
const MOST = 200;
const text = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';

export function ingressTarget(
  namespace: string,
  name: string,
  object: Readonly<Record<string, unknown>>,
): MetricsTarget {
  const spec = (object['spec'] ?? {}) as Spec;
  const rules = Array.isArray(spec.rules) ? (spec.rules as NonNullable<Spec['rules']>) : [];
  const paths = rules
    .flatMap((rule) => (rule.http?.paths ?? []).map((one) => ({ ...one, host: text(rule.host) })))
    .slice(0, MOST);
  const backends = [...paths.map(({ backend }) => backend), spec.defaultBackend].flatMap((one) => {
    const service = text(one?.service?.name);
    const port = text(one?.service?.port?.name) || text(one?.service?.port?.number);
    return service === '' || port === '' ? [] : [{ service, port }];
  });
  return {
    kind: 'ingress',
    namespace,
    name,
    routes: paths.map(({ host, path }) => `${host}${text(path)}`),
    backends,
  };
}
