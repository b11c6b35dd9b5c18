/** Observed traffic in words: rates on edges, and what the toolbar says of the layer. Pure. */
import type { ObservedState } from '#shared/contract/topology';
import type { MapFlow, MapView } from '#shared/domain/topology/map/types';
import { rateText } from './rate-text';

/** Views that have rows for workloads, or for the namespaces they are in. */
const HAVE_IT: readonly MapView[] = ['overview', 'apps', 'traffic', 'object'];

export function canObserve(view: MapView): boolean {
  return HAVE_IT.includes(view);
}

/** From this share on an edge counts as failing. */
const FAILING = 0.01;

export function isFailing({ rate, failed }: MapFlow): boolean {
  return failed !== undefined && failed >= rate * FAILING && failed > 0;
}

/** `observed 12 req/s, 3% errors`. */
export function flowWords(flow: MapFlow): string {
  const { rate, failed, unit } = flow;
  const what = unit === 'requests' ? 'req/s' : 'flows/s';
  return `observed ${rateText(rate)} ${what}${failed === undefined || failed === 0 ? '' : `, ${shareText(failed / rate)} ${faults(flow)}`}`;
}

/** The same in a sentence, with who measured it. */
export function flowSentence(flow: MapFlow): string {
  const { rate, failed, unit, by } = flow;
  const errors =
    failed === undefined
      ? 'errors are not measured'
      : failed === 0
        ? unit === 'requests'
          ? 'no errors'
          : 'none dropped'
        : `${shareText(failed / rate)} ${faults(flow)}`;
  return `${rateText(rate)} ${unit} per second, ${errors} (${by}, last 5 minutes)`;
}

function faults({ unit }: MapFlow): string {
  return unit === 'requests' ? 'errors' : 'dropped';
}

function shareText(share: number): string {
  const percent = share * 100;
  return percent < 0.1 ? '<0.1%' : `${percent < 10 ? Number(percent.toFixed(1)) : Math.round(percent)}%`;
}

/** What the toolbar says beside the switch; empty while it is off. */
export function layerWords(state: ObservedState | undefined): string {
  if (!state) return '';
  const { phase, looked, found, drawn, offMap, error } = state;
  switch (phase) {
    case 'asking':
      return `asking Prometheus for ${looked.join(', ')}`;
    case 'absent':
      return error
        ? `none: ${error.message} It would be asked for ${looked.join(', ')}`
        : `none: Prometheus has no series with the labels of workloads in ${looked.join(', ')}`;
    case 'failed':
      return `not known: ${error?.message ?? 'Prometheus did not answer.'}`;
    case 'live': {
      const edges = `${drawn.toLocaleString('en')} ${drawn === 1 ? 'edge' : 'edges'} from ${found.join(', ')}`;
      const off = offMap === 0 ? '' : `; ${offMap.toLocaleString('en')} more lead off this map`;
      return `${edges}${off}${error ? `. ${error.message}` : ''}`;
    }
  }
}
