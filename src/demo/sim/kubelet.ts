/**
 * The lives of pods on their nodes: pull, init, start, ready, crash with back-off, stop in
 * their grace period. Works on pods that are bound to a node; who binds is the scheduler.
 */
import { hash } from '../random';
import { iso, type Container, type ContainerStatus, type Pod } from '../model';
import { behaviourOf, type Behaviour } from './behaviour';
import { emit } from './events';
import { recompute } from './pod-status';
import type { Sim } from './sim';

type Slot = 'containerStatuses' | 'initContainerStatuses' | 'ephemeralContainerStatuses';

const isSidecar = (container: Container): boolean => container.restartPolicy === 'Always';

export class Kubelet {
  private readonly sim: Sim;
  private readonly nextAddress = new Map<string, number>();

  constructor(sim: Sim) {
    this.sim = sim;
    sim.store.subscribe('pods', ({ type, object, previous }) => {
      const pod = object as Pod;
      const before = previous as Pod | undefined;
      if (type === 'DELETED') return;
      if (pod.metadata.deletionTimestamp && !before?.metadata.deletionTimestamp) this.stop(pod);
      else if (pod.spec.nodeName && !before?.spec.nodeName)
        sim.soon(`start/${pod.metadata.uid}`, () => this.start(pod));
      else if ((pod.spec.ephemeralContainers?.length ?? 0) > (before?.spec.ephemeralContainers?.length ?? 0))
        sim.soon(`debug/${pod.metadata.uid}`, () => this.startEphemeral(pod));
    });
  }

  /** The pod as it is now, unless it is gone, replaced or stopping. */
  private living(pod: Pod): Pod | undefined {
    const { namespace, name, uid } = pod.metadata;
    const current = this.sim.store.get<Pod>('pods', namespace, name);
    return current?.metadata.uid === uid && !current.metadata.deletionTimestamp ? current : undefined;
  }

  /** A node nobody hears from changes nothing. */
  private silent(pod: Pod): boolean {
    const node = this.sim.store.get('nodes', undefined, pod.spec.nodeName ?? '');
    return node?.metadata.annotations?.['demo.binnacle.dev/silent'] === 'true';
  }

  private later(ms: number, pod: Pod, run: (pod: Pod) => void): void {
    this.sim.after(ms, () => {
      const current = this.living(pod);
      if (current && !this.silent(current)) run(current);
    });
  }

  private edit(pod: Pod, change: (draft: Pod) => void): void {
    this.sim.change<Pod>('pods', pod.metadata.namespace, pod.metadata.name, (draft) => {
      change(draft);
      recompute(draft, this.sim.now);
    });
  }

  private emit(pod: Pod, type: 'Normal' | 'Warning', reason: string, message: string): void {
    emit(this.sim, pod, type, reason, message, 'kubelet', pod.spec.nodeName);
  }

  private address(pod: Pod): string {
    const node = this.sim.store.get('nodes', undefined, pod.spec.nodeName ?? '');
    const hostIP = hostAddress(node);
    if (pod.spec['hostNetwork'] === true) return hostIP;
    const cidr = String((node?.['spec'] as { podCIDR?: string } | undefined)?.podCIDR ?? '10.2.250.0/24');
    const next = (this.nextAddress.get(cidr) ?? 3) + 1;
    this.nextAddress.set(cidr, next);
    return cidr.replace(/\d+\/\d+$/, String(4 + (next % 250)));
  }

  private start(bound: Pod): void {
    const pod = this.living(bound);
    if (!pod || pod.status.startTime || this.silent(pod)) return;
    const { sim } = this;
    const ip = this.address(pod);
    const hostIP = hostAddress(sim.store.get('nodes', undefined, pod.spec.nodeName ?? ''));
    const quick = sim.longAgo;
    this.edit(pod, (draft) => {
      const { status, spec } = draft;
      status.startTime = sim.now;
      status.hostIP = hostIP;
      status['hostIPs'] = [{ ip: hostIP }];
      status.containerStatuses = spec.containers.map((c) => waiting(c, 'ContainerCreating'));
      if (spec.initContainers?.length) {
        status.initContainerStatuses = spec.initContainers.map((c) => waiting(c, 'PodInitializing'));
        for (const entry of status.containerStatuses)
          entry.state = { waiting: { reason: 'PodInitializing' } };
      }
      if (!quick) return;
      // Long ago: all that mattered has happened already.
      setAddress(draft, ip);
      for (const container of spec.initContainers ?? []) {
        const entry = find(draft, 'initContainerStatuses', container.name);
        run(entry, container, draft, sim.time);
        if (!isSidecar(container)) terminate(entry, 0, 'Completed', sim.time + 900);
        entry.ready = true;
      }
      for (const container of spec.containers) {
        const behaviour = behaviourOf(draft, container);
        if (behaviour.does !== 'run') continue;
        const entry = find(draft, 'containerStatuses', container.name);
        run(entry, container, draft, sim.time + 2000);
        entry.ready = true;
      }
    });
    if (quick && pod.spec.containers.every((c) => behaviourOf(pod, c).does === 'run')) return;
    this.later(quick ? 0 : sim.random.int(300, 1200), pod, (current) => {
      this.edit(current, (draft) => setAddress(draft, ip));
      if (quick) for (const container of pod.spec.containers) this.begin(current, container);
      else this.init(current, 0);
    });
  }

  private init(pod: Pod, index: number): void {
    const container = pod.spec.initContainers?.[index];
    if (!container) {
      for (const each of pod.spec.containers) this.pull(pod, each, 'containerStatuses');
      return;
    }
    this.begin(pod, container, 'initContainerStatuses');
    const behaviour = behaviourOf(pod, container);
    if (behaviour.does !== 'run' && behaviour.does !== 'complete') return;
    this.later(this.sim.random.int(900, 3500), pod, (current) => {
      this.edit(current, (draft) => {
        const entry = find(draft, 'initContainerStatuses', container.name);
        if (!isSidecar(container)) terminate(entry, 0, 'Completed', this.sim.time);
        entry.ready = true;
      });
      const next = this.living(pod);
      if (next) this.init(next, index + 1);
    });
  }

  private pull(pod: Pod, container: Container, slot: Slot): void {
    if (behaviourOf(pod, container).does === 'miss-image') return this.failPull(pod, container, slot, 0);
    const ms = this.sim.random.int(300, 2500);
    this.emit(pod, 'Normal', 'Pulling', `Pulling image "${container.image}"`);
    this.later(ms, pod, (current) => {
      const size = 8_000_000 + (hash(container.image) % 240_000_000);
      this.emit(
        current,
        'Normal',
        'Pulled',
        `Successfully pulled image "${container.image}" in ${ms}ms (${ms}ms including waiting). Image size: ${size} bytes.`,
      );
      this.begin(current, container, slot);
    });
  }

  private failPull(pod: Pod, container: Container, slot: Slot, tries: number): void {
    const behaviour = behaviourOf(pod, container);
    if (behaviour.does !== 'miss-image') return this.pull(pod, container, slot);
    const { message } = behaviour;
    const reason = message.startsWith("couldn't parse") ? 'InvalidImageName' : 'ErrImagePull';
    this.emit(pod, 'Normal', 'Pulling', `Pulling image "${container.image}"`);
    this.emit(pod, 'Warning', 'Failed', `Failed to pull image "${container.image}": ${message}`);
    this.emit(pod, 'Warning', 'Failed', `Error: ${reason}`);
    this.edit(pod, (draft) => {
      find(draft, slot, container.name).state = { waiting: { reason, message } };
    });
    if (reason === 'InvalidImageName') return;
    this.later(12_000, pod, (current) => {
      const words = `Back-off pulling image "${container.image}"`;
      this.emit(current, 'Normal', 'BackOff', words);
      this.emit(current, 'Warning', 'Failed', 'Error: ImagePullBackOff');
      this.edit(current, (draft) => {
        const state = {
          waiting: { reason: 'ImagePullBackOff', message: `${words}: ErrImagePull: ${message}` },
        };
        find(draft, slot, container.name).state = state;
      });
      this.later(backOff(tries), current, (next) =>
        this.failPull(next, latest(next, container), slot, tries + 1),
      );
    });
  }

  private begin(pod: Pod, container: Container, slot: Slot = 'containerStatuses'): void {
    const { sim } = this;
    const behaviour = behaviourOf(pod, container);
    if (behaviour.does === 'miss-image') return this.failPull(pod, container, slot, 0);
    if (behaviour.does === 'miss-config') {
      this.emit(pod, 'Warning', 'Failed', `Error: ${behaviour.message}`);
      this.edit(pod, (draft) => {
        const state = { waiting: { reason: 'CreateContainerConfigError', message: behaviour.message } };
        find(draft, slot, container.name).state = state;
      });
      return this.later(60_000, pod, (current) => this.begin(current, latest(current, container), slot));
    }
    this.emit(pod, 'Normal', 'Created', `Created container: ${container.name}`);
    this.emit(pod, 'Normal', 'Started', `Started container ${container.name}`);
    this.edit(pod, (draft) => {
      const entry = find(draft, slot, container.name);
      run(entry, container, draft, sim.time);
    });
    this.play(pod, container, slot, behaviour);
  }

  private play(pod: Pod, container: Container, slot: Slot, behaviour: Behaviour): void {
    switch (behaviour.does) {
      case 'run':
        if (slot !== 'containerStatuses') return;
        this.later(behaviour.readyAfter, pod, (current) =>
          this.edit(current, (draft) => void (find(draft, slot, container.name).ready = true)),
        );
        return;
      case 'fail-probe': {
        const probe = (current: Pod): void => {
          this.emit(current, 'Warning', 'Unhealthy', `Readiness probe failed: ${behaviour.message}`);
          this.later(30_000, current, probe);
        };
        return this.later(9000, pod, probe);
      }
      case 'complete':
        return this.exit(pod, container, slot, behaviour.after, behaviour.exitCode, 'Completed');
      case 'crash':
        return this.exit(pod, container, slot, behaviour.after, behaviour.exitCode, 'Error');
      case 'run-out-of-memory':
        return this.exit(pod, container, slot, behaviour.after, 137, 'OOMKilled');
      case 'miss-image':
      case 'miss-config':
    }
  }

  private exit(
    pod: Pod,
    container: Container,
    slot: Slot,
    after: number,
    code: number,
    reason: string,
  ): void {
    this.later(after, pod, (current) => {
      const words = code === 0 ? 'Completed' : reason === 'Completed' ? 'Error' : reason;
      this.edit(current, (draft) => {
        const entry = find(draft, slot, container.name);
        terminate(entry, code, words, this.sim.time);
        entry.ready = false;
      });
      const policy = current.spec.restartPolicy ?? 'Always';
      if (
        slot === 'ephemeralContainerStatuses' ||
        policy === 'Never' ||
        (policy === 'OnFailure' && code === 0)
      )
        return;
      this.restart(current, container, slot);
    });
  }

  private restart(pod: Pod, container: Container, slot: Slot): void {
    const { name, namespace, uid } = pod.metadata;
    const restarts =
      (pod.status[slot] ?? []).find((entry) => entry.name === container.name)?.restartCount ?? 0;
    const wait = backOff(restarts);
    this.later(1500, pod, (current) => {
      const label = `${name}_${namespace}(${uid})`;
      this.emit(
        current,
        'Warning',
        'BackOff',
        `Back-off restarting failed container ${container.name} in pod ${label}`,
      );
      this.edit(current, (draft) => {
        const entry = find(draft, slot, container.name);
        entry.lastState = entry.state;
        const message = `back-off ${wait / 1000 >= 60 ? `${Math.floor(wait / 60_000)}m${(wait / 1000) % 60}s` : `${wait / 1000}s`} restarting failed container=${container.name} pod=${label}`;
        entry.state = { waiting: { reason: 'CrashLoopBackOff', message } };
      });
      this.later(wait, current, (next) => {
        this.edit(next, (draft) => void find(draft, slot, container.name).restartCount++);
        const again = this.living(pod);
        if (again) this.begin(again, latest(again, container), slot);
      });
    });
  }

  private startEphemeral(changed: Pod): void {
    const pod = this.living(changed);
    if (!pod || this.silent(pod)) return;
    const known = new Set((pod.status.ephemeralContainerStatuses ?? []).map((entry) => entry.name));
    for (const container of pod.spec.ephemeralContainers ?? []) {
      if (known.has(container.name)) continue;
      this.edit(pod, (draft) => {
        draft.status.ephemeralContainerStatuses ??= [];
        draft.status.ephemeralContainerStatuses.push(waiting(container, 'ContainerCreating'));
      });
      this.pull(pod, container, 'ephemeralContainerStatuses');
    }
  }

  /** Ends the containers, then takes the pod away unless finalizers hold it. */
  private stop(pod: Pod): void {
    const { sim } = this;
    const { namespace, name, uid } = pod.metadata;
    const grace = 1000 * (pod.metadata.deletionGracePeriodSeconds ?? 30);
    for (const container of pod.spec.containers)
      this.emit(pod, 'Normal', 'Killing', `Stopping container ${container.name}`);
    sim.after(Math.min(grace, 1000 + (hash(uid) % 4000)), () => {
      const current = sim.store.get<Pod>('pods', namespace, name);
      if (!current || current.metadata.uid !== uid || this.silent(current)) return;
      if (current.metadata.finalizers?.length) {
        this.edit(current, (draft) => {
          for (const entry of draft.status.containerStatuses ?? []) {
            if (entry.state.running) terminate(entry, 0, 'Completed', sim.time);
            entry.ready = false;
          }
        });
      } else sim.store.remove('pods', namespace, name);
    });
  }
}

const backOff = (tries: number): number => Math.min(300_000, 10_000 * 2 ** Math.min(tries, 10));

/** The container as the pod names it now: its image may have been changed. */
function latest(pod: Pod, container: Container): Container {
  const all = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])];
  return all.find((entry) => entry.name === container.name) ?? container;
}

function hostAddress(node: unknown): string {
  const addresses = (node as { status?: { addresses?: { type: string; address: string }[] } } | undefined)
    ?.status?.addresses;
  return addresses?.find((entry) => entry.type === 'InternalIP')?.address ?? '10.2.0.1';
}

function setAddress(pod: Pod, ip: string): void {
  pod.status.podIP = ip;
  pod.status.podIPs = [{ ip }];
}

function waiting(container: Container, reason: string): ContainerStatus {
  return {
    name: container.name,
    image: container.image,
    imageID: '',
    ready: false,
    started: false,
    restartCount: 0,
    state: { waiting: { reason } },
    lastState: {},
  };
}

function find(pod: Pod, slot: Slot, name: string): ContainerStatus {
  const entry = pod.status[slot]?.find((status) => status.name === name);
  if (!entry) throw new Error(`${pod.metadata.name} has no container ${name}`);
  return entry;
}

function run(entry: ContainerStatus, container: Container, pod: Pod, time: number): void {
  const hex = (salt: string): string =>
    [0, 1, 2, 3, 4, 5, 6, 7].map((i) => hash(`${salt}/${i}`).toString(16).padStart(8, '0')).join('');
  entry.image = container.image;
  entry.imageID = `${container.image.split(':')[0]}@sha256:${hex(container.image)}`;
  entry.containerID = `containerd://${hex(`${pod.metadata.uid}/${container.name}/${entry.restartCount}`)}`;
  entry.state = { running: { startedAt: iso(time) } };
  entry.started = true;
}

function terminate(entry: ContainerStatus, exitCode: number, reason: string, time: number): void {
  const startedAt = entry.state.running?.startedAt ?? iso(time);
  entry.state = {
    terminated: { exitCode, reason, startedAt, finishedAt: iso(time), containerID: entry.containerID },
  };
  entry.started = false;
}
