/**
 * Tries whether something answers: an HTTP request to a port of a Service or pod (through a
 * port-forward's connection), and name and connection tests from inside a pod (through exec).
 */
import { z } from 'zod';
import { call, slice } from '../rpc/define';
import { forwardTarget } from './forward';

export interface HttpProbe {
  readonly status: number;
  readonly statusText: string;
  /** At most 100. */
  readonly headers: readonly (readonly [string, string])[];
  /** The first 64 KiB as text; empty when it is none. */
  readonly body: string;
  readonly bodyBytes: number;
  readonly cut: boolean;
  readonly binary: boolean;
  readonly pod: string;
  readonly port: number;
  /** Ms from the start. The forward's stream, TLS where it is used, the answer's head, all of it. */
  readonly timing: {
    readonly stream: number;
    readonly tls?: number;
    readonly head: number;
    readonly total: number;
  };
  /** The certificate is shown, not judged. */
  readonly certificate?: { readonly subject: string; readonly issuer: string; readonly validTo: string };
}

export interface PodProbe {
  readonly ok: boolean;
  /** The program that gave the answer: `nslookup`, `getent`, `nc`, `wget`, `bash /dev/tcp`. */
  readonly program: string;
  /** One sentence. */
  readonly words: string;
  readonly addresses: readonly string[];
  /** What the program printed, its head. */
  readonly output: string;
  readonly ms: number;
  /** Where it ran, when it is not the container that was asked for: all of a pod share its network. */
  readonly container?: string;
  /** Of a lookup: who is asked first, where the pod's resolv.conf can be read. */
  readonly resolver?: ProbeResolver;
}

export interface ProbeResolver {
  readonly address: string;
  /** The Service of that address; null: none has it. Undefined: Services may not be listed. */
  readonly service?: { readonly namespace: string; readonly name: string } | null;
  /** Whether it answered, also with "no such name"; undefined where the program does not tell. */
  readonly answered?: boolean;
}

/** What a pod or Service is called by others, and where it listens. */
export interface ProbeDestination {
  /** `cart.shop` of a Service, the address of a pod or headless Service's pod. */
  readonly host: string;
  /** TCP ports it names. */
  readonly ports: readonly { readonly port: number; readonly name?: string }[];
}

const name = z.string().min(1).max(253);
/** A host name or address: nothing a program could take for an option or a shell for a command. */
const host = z.string().regex(/^[a-zA-Z0-9_]([a-zA-Z0-9_.:-]{0,252})$/);
const podTarget = z.object({ namespace: name, pod: name, container: name.optional() });

export const probe = slice('probe', {
  http: call(
    z.object({
      target: forwardTarget,
      remote: z.string().regex(/^(?:\d{1,5}|[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)$/),
      scheme: z.enum(['http', 'https']),
      method: z.enum(['GET', 'HEAD']),
      path: z.string().regex(/^\/[\x21-\x7e]{0,2047}$/),
      /** Default: the name of the target. */
      host: host.optional(),
    }),
  ).returns<HttpProbe>(),
  destination: call(
    z.object({ kind: z.enum(['pods', 'services']), namespace: name, name }),
  ).returns<ProbeDestination>(),
  dns: call(podTarget.extend({ host })).returns<PodProbe>(),
  connect: call(podTarget.extend({ host, port: z.number().int().min(1).max(65_535) })).returns<PodProbe>(),
});
