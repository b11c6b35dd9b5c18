/**
 * The baseline of the event benches: `raw-watch.ts KUBECONFIG`, a process that reads the same watch
 * over HTTP/2 and throws it away. Tells its parent when it has begun, when the
 * bytes of a `Probe…` mark arrive (epoch ms), and on `mark` the CPU used and bytes read so far.
 */
import { openApi } from '../../src/main/k8s/open-api';
import { Scope } from '#shared/rpc/scope';
import { contextOf } from './context-of';

async function main(): Promise<void> {
  const context = await contextOf(process.argv[2] ?? '');
  const scope = new Scope('raw-watch');
  const api = openApi(context, {}, scope);
  const path = '/api/v1/pods';
  const accept = 'application/vnd.kubernetes.protobuf;stream=watch,application/json;q=0.9';
  const list = await api.json<{ metadata: { resourceVersion: string } }>(
    { path, query: { limit: 1 } },
    scope.signal,
  );
  const { resourceVersion } = list.metadata;
  const response = await api.open(
    { path, accept, query: { watch: true, resourceVersion }, timeoutMs: 60_000, long: true },
    scope.signal,
  );
  const before = process.cpuUsage();
  let bytes = 0;
  process.on('message', (message) => {
    const { user, system } = process.cpuUsage(before);
    if (message === 'mark') process.send?.({ cpu: (user + system) / 1000, bytes });
    if (message === 'stop') process.exit(0);
  });
  process.send?.({ began: true });
  const seen = new Set<string>();
  for await (const chunk of response.body) {
    const now = Date.now();
    bytes += chunk.length;
    const buffer = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    for (let at = buffer.indexOf('Probe7'); at >= 0; at = buffer.indexOf('Probe7', at + 1)) {
      const number = buffer.toString('latin1', at + 5, at + 12);
      if (!seen.has(number)) process.send?.({ seen: number, at: now });
      seen.add(number);
    }
  }
}

main().catch((thrown: unknown) => {
  console.error(thrown);
  process.exit(70);
});
