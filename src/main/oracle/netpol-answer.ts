/** One question of `oracle:netpol`, answered. Throws an Error with words for what cannot be asked. */
import { ask } from '#shared/domain/netpol/ask';
import { parseIp } from '#shared/domain/netpol/ip';
import { PROTOCOLS } from '#shared/domain/netpol/ports';
import { resolveService, type NetService } from '#shared/domain/netpol/services';
import type { NetPod } from '#shared/domain/netpol/types';
import type { Verdict } from '#shared/domain/netpol/verdict';
import { verdictLine } from '#shared/domain/netpol/words';
import type { OracleWorld } from './netpol-model';

export function answerQuestion(
  world: OracleWorld,
  { from, to, port, protocol }: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  if (typeof from !== 'string' || typeof to !== 'string') throw new Error('from and to must be text');
  if (typeof port !== 'number' && typeof port !== 'string')
    throw new Error('port must be a number or a name');
  // A name of digits only cannot be a port's: it is a number in quotes.
  const asked = typeof port === 'string' && /^\d+$/.test(port) ? Number(port) : port;
  const question = { from, port: asked, protocol: typeof protocol === 'string' ? protocol : 'TCP' };
  const service = serviceOf(world, to);
  if (!service) return verdictLine(ask(world.model, { ...question, to }));
  return answerService(world, service, question);
}

/** A Service where `to` means no pod, workload or pod's address. */
function serviceOf({ model, services, serviceByIp }: OracleWorld, to: string): NetService | undefined {
  const ip = parseIp(to);
  if (ip !== undefined) return model.podByIp.has(ip) ? undefined : serviceByIp.get(ip);
  if (model.pods.has(to)) return undefined;
  for (const id of model.workloads.keys()) if (id === to || id.startsWith(`${to}[`)) return undefined;
  return services.get(to);
}

function answerService(
  { model }: OracleWorld,
  service: NetService,
  { from, port, protocol }: { from: string; port: number | string; protocol: string },
): Record<string, unknown> {
  const known = PROTOCOLS.find((one) => one === protocol.toUpperCase());
  if (!known) throw new Error(`Network policies do not specify ${protocol}: TCP, UDP or SCTP (S29)`);
  const pods = (function* (): Generator<NetPod> {
    for (const { pod } of model.pods.values()) yield pod;
  })();
  const { backends, note } = resolveService(service, undefined, pods, port, known);
  let best: Verdict | undefined;
  let uneven = false;
  for (const backend of backends) {
    const to = backend.pod ?? backend.address ?? '';
    const verdict = ask(model, { from, to, port: backend.port, protocol });
    if (best && best.allowed !== verdict.allowed) uneven = true;
    if (!best || (verdict.allowed && !best.allowed)) best = verdict;
  }
  if (!best) throw new Error(`Service ${service.namespace}/${service.name} has no endpoints`);
  const line = verdictLine(best);
  const said = line['caveats'] as readonly object[];
  const text = 'Not all endpoints are allowed the same: this is the answer of the first allowed one';
  return {
    ...line,
    caveats: [
      ...said,
      { code: 'service', rule: 'S19', text: note },
      ...(uneven ? [{ code: 'uneven', rule: 'S3', text }] : []),
    ],
  };
}
