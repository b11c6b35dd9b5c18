/** Places whose names hold a text, for the pickers: workloads before pods, exact starts first. */
import type { PlaceChoice } from '#shared/contract/netpol';
import { parseIp } from '#shared/domain/netpol/ip';
import type { NetpolModel } from '#shared/domain/netpol/model';
import { workloadParts } from '#shared/domain/netpol/places';
import type { NetService } from '#shared/domain/netpol/services';
import { plural } from '#shared/util/text';

interface Wanted {
  readonly text: string;
  readonly services: boolean;
  readonly limit: number;
}

interface Scored extends PlaceChoice {
  readonly score: number;
}

export function placeChoices(
  model: NetpolModel,
  services: ReadonlyMap<string, NetService>,
  { text, services: withServices, limit }: Wanted,
): PlaceChoice[] {
  const words = text
    .trim()
    .toLowerCase()
    .split(/[\s/]+/)
    .filter(Boolean);
  const found: Scored[] = [];
  const offer = (choice: PlaceChoice, rank: number): void => {
    const label = choice.label.toLowerCase();
    const hay = `${label} ${choice.detail.toLowerCase()}`;
    if (!words.every((word) => hay.includes(word))) return;
    const name = label.slice(label.indexOf('/') + 1);
    const last = words[words.length - 1] ?? '';
    const near = last === '' ? 0 : name === last ? 40 : name.startsWith(last) ? 20 : 0;
    found.push({ ...choice, score: near - rank });
  };
  const ip = parseIp(text.trim());
  if (ip !== undefined) {
    const address = text.trim();
    const pod = model.podByIp.get(ip);
    const node = model.nodeByIp.get(ip);
    const detail = pod
      ? `address of pod ${pod}`
      : node
        ? `address of node ${node}`
        : 'address outside of pods';
    found.push({ place: { type: 'ip', address }, label: address, detail, score: 1000 });
  }
  offer({ place: { type: 'internet' }, label: 'internet', detail: 'any public address' }, 1);
  for (const [id, { groups }] of model.workloads) {
    const { namespace, name, kind } = workloadParts(id);
    if (kind === 'Pod') continue;
    let pods = 0;
    for (const count of groups.values()) pods += count;
    offer(
      {
        place: { type: 'workload', id },
        label: `${namespace}/${name}`,
        detail: `${kind}, ${plural(pods, 'pod')}`,
      },
      2,
    );
  }
  if (withServices) {
    for (const { namespace, name, ports } of services.values()) {
      const detail = `Service ${ports.map((one) => one.port).join(', ')}`;
      offer({ place: { type: 'service', namespace, name }, label: `${namespace}/${name}`, detail }, 3);
    }
  }
  for (const name of model.namespaceNames())
    offer({ place: { type: 'namespace', name }, label: name, detail: 'Namespace, all its pods' }, 4);
  for (const { pod } of model.pods.values()) {
    offer(
      {
        place: { type: 'pod', namespace: pod.namespace, name: pod.name },
        label: `${pod.namespace}/${pod.name}`,
        detail: `Pod ${pod.ips?.[0] ?? ''}`.trim(),
      },
      5,
    );
  }
  return found
    .sort((a, b) => b.score - a.score || (a.label < b.label ? -1 : a.label > b.label ? 1 : 0))
    .slice(0, limit)
    .map(({ place, label, detail }) => ({ place, label, detail }));
}
