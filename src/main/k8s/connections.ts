/**
 * The sockets of one cluster: which trust, identity and proxy they are made with, and the pools
 * they are kept in. When a certificate changes on disk or comes new from a plugin, the pools
 * made with the old one are closed (fault 42).
 */
import { setMaxListeners } from 'node:events';
import * as http from 'node:http';
import * as https from 'node:https';
import { isIP, type Socket } from 'node:net';
import { checkServerIdentity, type ConnectionOptions } from 'node:tls';
import { fail, type AppFailure } from '#shared/util/app-error';
import type { ContextConfig } from '../kubeconfig/types';
import { DirectSocket } from './direct-socket';
import { dial, tlsOptions, usualDialTimes, type DialStage, type DialTarget, type DialTimes } from './dial';
import { withDial } from './http-parts';
import { timeoutFailure, type Peer } from './network-errors';
import { chooseProxy, proxyPeer, type Proxy } from './proxy';
import { TlsPlan, type CertificatePair } from './tls';
import { WatchLine } from './watch-line';

const RECHECK_FILES_MS = 30_000;

export interface Pools {
  readonly short: http.Agent;
  readonly long: http.Agent;
  /** For watches, where the server speaks HTTP/2. */
  readonly watches: WatchLine;
  /** Made ahead for what will be large. */
  ready: DirectSocket | undefined;
  /** Ends the dialling of these pools too. */
  readonly abort: AbortController;
  readonly mark: string;
}

export class Connections {
  private readonly host: string;
  private readonly peer: Peer;
  private readonly plan: TlsPlan | undefined;
  private held: Pools | undefined;
  private proxy: Proxy | undefined | null = null;
  private checkedAt = -Infinity;
  private stage: DialStage = 'dns';
  /** Where the last connection without a proxy went. */
  private address: string | undefined;

  constructor(
    private readonly config: ContextConfig,
    private readonly server: URL,
    private readonly environment: Readonly<Record<string, string>>,
    private readonly dialTimes: DialTimes = usualDialTimes,
  ) {
    this.host = server.hostname.replace(/^\[|\]$/g, '');
    this.peer = { address: `${server.hostname}:${portOf(server)}`, role: 'server' };
    if (server.protocol === 'https:') this.plan = new TlsPlan(config.cluster, config.user, environment);
  }

  get secure(): boolean {
    return this.plan !== undefined;
  }

  /** Closes everything, idle or not. */
  drop(): void {
    const pools = this.held;
    this.held = undefined;
    if (!pools) return;
    pools.abort.abort();
    pools.short.destroy();
    pools.long.destroy();
    pools.watches.close();
  }

  /** A fresh connection outside the pools. */
  dial(pair: CertificatePair | undefined, signal: AbortSignal): Promise<Socket> {
    return this.connect(this.target(pair), signal);
  }

  /**
   * What a connection past the pools needs: the address that answered last, trust and identity.
   * undefined before there was one, behind a proxy and over plain http.
   */
  direct(pair: CertificatePair | undefined): ConnectionOptions | undefined {
    const target = this.target(pair);
    if (!target.tls || target.proxy || this.address === undefined) return undefined;
    const name = target.tls.serverName ?? target.host;
    return {
      ...tlsOptions(target),
      host: this.address,
      port: target.port,
      checkServerIdentity: (_, certificate) => checkServerIdentity(name, certificate),
    };
  }

  /** Makes a connection for the next `direct` request, if there is none. */
  prepare(pair: CertificatePair | undefined, pools: Pools): void {
    if (pools.ready?.isUsable || pools.abort.signal.aborted) return;
    const to = this.direct(pair);
    if (to) pools.ready = new DirectSocket(to, pools.abort.signal).keep();
  }

  /** The connection made ahead, if it still stands. */
  takeReady(pools: Pools): DirectSocket | undefined {
    const { ready } = pools;
    pools.ready = undefined;
    return ready?.isUsable ? ready : undefined;
  }

  private async connect(target: DialTarget, signal: AbortSignal): Promise<Socket> {
    const socket = await dial(target, signal, this.dialTimes);
    const { remoteAddress } = socket;
    if (!target.proxy && remoteAddress !== undefined && isIP(remoteAddress) > 0) this.address = remoteAddress;
    return socket;
  }

  /** The pools of the present trust and identity; when files or certificate changed, the old ones go. */
  pools(pair: CertificatePair | undefined): Pools {
    const now = performance.now();
    let pools = this.held;
    const due =
      now - this.checkedAt > RECHECK_FILES_MS || !pools || pools.mark !== this.lastMark(pair, pools);
    if (due) {
      this.checkedAt = now;
      const mark = this.plan?.current(pair).mark ?? '';
      if (pools && pools.mark !== mark) {
        this.drop();
        pools = undefined;
      }
      pools ??= this.makePools(mark, pair);
      this.held = pools;
    }
    return pools ?? this.makePools('', pair);
  }

  private pairInUse: CertificatePair | undefined;

  private lastMark(pair: CertificatePair | undefined, pools: Pools): string {
    return this.pairInUse?.cert === pair?.cert ? pools.mark : 'changed';
  }

  private makePools(mark: string, pair: CertificatePair | undefined): Pools {
    this.pairInUse = pair;
    const abort = new AbortController();
    setMaxListeners(0, abort.signal);
    const make = (): http.Agent => {
      const options = { keepAlive: true, maxFreeSockets: 8, scheduling: 'lifo' as const };
      const agent = this.plan ? new https.Agent(options) : new http.Agent(options);
      return withDial(agent, () => this.dial(pair, abort.signal));
    };
    const watches = new WatchLine(this.server.origin, () =>
      this.connect(this.target(pair, ['h2', 'http/1.1']), abort.signal),
    );
    return { short: make(), long: make(), watches, ready: undefined, abort, mark };
  }

  private target(pair: CertificatePair | undefined, alpn: readonly string[] = ['http/1.1']): DialTarget {
    const { cluster } = this.config;
    if (this.proxy === null) this.proxy = chooseProxy(this.server, cluster.proxyUrl, this.environment);
    return {
      host: this.host,
      port: portOf(this.server),
      proxy: this.proxy,
      onStage: (stage) => {
        this.stage = stage;
      },
      tls: this.plan && {
        context: this.plan.current(pair).context,
        insecure: this.plan.insecure,
        serverName: this.plan.serverName,
        alpn,
      },
    };
  }

  /** Which step took too long: a peer that accepts and then says nothing is `NoAnswer`. */
  silence(connected: boolean, ms: number): AppFailure {
    if (connected || this.stage === 'tls' || this.stage === 'ready')
      return timeoutFailure(this.peer, 'accepts connections but did not answer', ms, 'NoAnswer');
    if (this.stage === 'dns')
      return fail('dns', `DNS gave no answer for ${this.host} within ${Math.round(ms / 1000)} s.`);
    if (this.proxy && this.stage === 'proxy')
      return timeoutFailure(proxyPeer(this.proxy), 'opened no tunnel', ms);
    return timeoutFailure(this.proxy ? proxyPeer(this.proxy) : this.peer, 'did not accept a connection', ms);
  }
}

export function portOf(server: URL): number {
  if (server.port !== '') return Number(server.port);
  return server.protocol === 'https:' ? 443 : 80;
}
