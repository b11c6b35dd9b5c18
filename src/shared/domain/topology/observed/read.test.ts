import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { readLabels, type Labels } from '../../prom/answer';
import { FLOW_METRICS, flowQuery, type FlowMetric } from './queries';
import { joinFlows, readFlows, type RateRow } from './read';
import type { Flow } from './types';

const of = (metric: string): FlowMetric => FLOW_METRICS.find((one) => one.metric === metric)!;
const row = (value: number, labels: Labels): RateRow => ({ labels, value });
const said = ({ from, to, rate, failed, unit, by }: Flow): string =>
  `${by} ${from.kind}${from.namespace}/${from.name} -> ${to.kind}${to.namespace}/${to.name} ${rate} ${unit}, ${failed ?? '?'} failed`;

const istio = (code: string, reporter = 'destination', more: Labels = {}): Labels => ({
  source_workload: 'web',
  source_workload_namespace: 'shop',
  destination_workload: 'cart',
  destination_workload_namespace: 'shop',
  response_code: code,
  reporter,
  ...more,
});
const linkerd = (classification: string, more: Labels = {}): Labels => ({
  namespace: 'shop',
  deployment: 'web',
  dst_namespace: 'data',
  dst_statefulset: 'db',
  classification,
  ...more,
});
const hubble = (more: Labels): Labels => ({
  source_workload: 'web',
  source_namespace: 'shop',
  destination_workload: 'cart',
  destination_namespace: 'shop',
  ...more,
});

describe('what each metric tells', () => {
  test.each<[string, string, RateRow[], string[]]>([
    [
      'Istio: codes are one way, 5xx and no answer failed, 4xx did not',
      'istio_requests_total',
      [row(6, istio('200')), row(1, istio('404')), row(2, istio('503')), row(1, istio('0'))],
      ['Istio shop/web -> shop/cart 10 requests, 3 failed'],
    ],
    [
      'Istio: both proxies count a request, it is told once',
      'istio_requests_total',
      [row(8, istio('200', 'destination')), row(8, istio('200', 'source')), row(2, istio('503', 'source'))],
      ['Istio shop/web -> shop/cart 10 requests, 2 failed'],
    ],
    [
      'Istio: a gRPC error comes with code 200',
      'istio_requests_total',
      [
        row(1, istio('200', 'source', { grpc_response_status: '14' })),
        row(3, istio('200', 'source', { grpc_response_status: '5' })),
      ],
      ['Istio shop/web -> shop/cart 4 requests, 1 failed'],
    ],
    [
      'Istio: who is not known is nobody to draw',
      'istio_requests_total',
      [
        row(8, istio('200', 'source', { source_workload: 'unknown', source_workload_namespace: 'unknown' })),
        row(8, istio('200', 'source', { destination_workload: '' })),
      ],
      [],
    ],
    [
      'Linkerd: the kind is in the name of the label',
      'response_total',
      [row(3, linkerd('success')), row(1, linkerd('failure'))],
      ['Linkerd Deploymentshop/web -> StatefulSetdata/db 4 requests, 1 failed'],
    ],
    [
      'Linkerd without classes: rates, and nothing said of failures',
      'request_total',
      [row(4, linkerd(''))],
      ['Linkerd Deploymentshop/web -> StatefulSetdata/db 4 requests, ? failed'],
    ],
    [
      'Hubble of HTTP: by status, client and server once',
      'hubble_http_requests_total',
      [
        row(4, hubble({ status: '200', reporter: 'client' })),
        row(1, hubble({ status: '500', reporter: 'client' })),
        row(5, hubble({ status: '200', reporter: 'server' })),
      ],
      ['Hubble shop/web -> shop/cart 5 requests, 1 failed'],
    ],
    [
      'Hubble of flows: dropped ones failed',
      'hubble_flows_processed_total',
      [
        row(7, hubble({ verdict: 'FORWARDED' })),
        row(2, hubble({ verdict: 'DROPPED' })),
        row(1, hubble({ verdict: 'ERROR' })),
      ],
      ['Hubble shop/web -> shop/cart 10 flows, 3 failed'],
    ],
    [
      'nothing of what is no rate',
      'hubble_flows_processed_total',
      [row(NaN, hubble({})), row(Infinity, hubble({})), row(-1, hubble({})), row(0, hubble({}))],
      [],
    ],
    [
      'nothing of names no object can have',
      'istio_requests_total',
      [row(1, istio('200', 'source', { source_workload: 'x'.repeat(300) }))],
      [],
    ],
  ])('%s', (_title, metric, rows, wanted) => {
    // The failing reports of equal rates differ: the one that saw failures is believed.
    expect(readFlows(of(metric), rows).map(said)).toEqual(wanted);
  });

  it('takes any labels and never more than was counted', () => {
    const value = fc.oneof(fc.double(), fc.constant(1));
    const labels = fc.dictionary(
      fc.constantFrom(...FLOW_METRICS.flatMap((metric) => metric.labels), '__proto__', 'x'),
      fc.constantFrom('', 'a', 'b', '500', '__proto__', 'unknown'),
    );
    fc.assert(
      fc.property(
        fc.array(fc.record({ labels, value })),
        fc.constantFrom(...FLOW_METRICS),
        (rows, metric) => {
          const found = readFlows(
            metric,
            rows.map((one) => ({ ...one, labels: readLabels(one.labels) })),
          );
          const all = rows.reduce(
            (sum, one) => sum + (one.value > 0 && one.value < Infinity ? one.value : 0),
            0,
          );
          for (const flow of found) {
            expect(flow.rate).toBeGreaterThan(0);
            expect(flow.rate).toBeLessThanOrEqual(all * (1 + 1e-9));
            expect(flow.failed ?? 0).toBeLessThanOrEqual(flow.rate);
          }
        },
      ),
    );
  });
});

it('shows one flow for a way two metrics tell: the first', () => {
  const http = readFlows(of('hubble_http_requests_total'), [row(1, hubble({ status: '200' }))]);
  const other = readFlows(of('hubble_flows_processed_total'), [
    row(9, hubble({ verdict: 'FORWARDED' })),
    row(2, hubble({ verdict: 'FORWARDED', destination_workload: 'db' })),
  ]);
  expect(joinFlows([http, other]).map(said)).toEqual([
    'Hubble shop/web -> shop/cart 1 requests, 0 failed',
    'Hubble shop/web -> shop/db 2 flows, 0 failed',
  ]);
});

describe('queries', () => {
  it('ask for all namespaces in one selector, for some at either end', () => {
    expect(flowQuery(of('hubble_flows_processed_total'), [])).toBe(
      'sum by (source_namespace, source_workload, destination_namespace, destination_workload, verdict) (rate(hubble_flows_processed_total{source_workload!="",destination_workload!=""}[5m]))',
    );
    expect(flowQuery(of('request_total'), ['shop', 'a.b'])).toContain(
      '(rate(request_total{direction="outbound",dst_namespace!="",namespace=~"shop|a\\\\.b"}[5m]) or rate(request_total{direction="outbound",dst_namespace!="",dst_namespace=~"shop|a\\\\.b"}[5m]))',
    );
  });

  it('cannot be left by a name', () => {
    const query = flowQuery(of('istio_requests_total'), ['x"} or vector(1) or y{z="']);
    // Outside its quotes the query is what it is for any name.
    const bare = (text: string): string => text.replace(/"(?:[^"\\]|\\.)*"/g, '""');
    expect(bare(query)).toBe(bare(flowQuery(of('istio_requests_total'), ['x'])));
  });
});
