/**
 * Answers the capacity questions from one reading of nodes, pods and metrics-server, kept for half a
 * minute so that questions about the same moment agree. Denied parts are told, never taken as empty.
 */
import type { CapacityAnswer } from '#shared/contract/sizing';
import { fitPod, loseNode, sumCapacity } from '#shared/domain/capacity/capacity';
import type {
  Amounts,
  CapacityNode,
  CapacityPod,
  FitAnswer,
  LossAnswer,
} from '#shared/domain/capacity/types';
import { fail, toAppError, type AppError } from '#shared/util/app-error';
import { listMasked, type ListDeps } from './lists';
import { nodesWanted, podsWanted, readNode, readPod } from './capacity-read';
import { readUsage, usageProblem } from './usage-read';

const KEEP = 30_000;

interface Reading {
  readonly at: number;
  readonly nodes: readonly CapacityNode[];
  readonly pods: readonly CapacityPod[];
  readonly usedBy: ReadonlyMap<string, Amounts>;
  readonly notes: readonly string[];
  readonly usage?: AppError;
}

export interface CapacityDeps extends ListDeps {
  readonly namespaces: () => readonly string[];
}

export interface PodForm {
  readonly cpu: number;
  readonly memory: number;
  readonly count: number;
  readonly like?: { readonly namespace: string; readonly name: string } | undefined;
  readonly nodeSelector?: Readonly<Record<string, string>> | undefined;
}

export class Capacity {
  private last: Reading | undefined;
  private reading: Promise<Reading> | undefined;

  constructor(
    private readonly deps: CapacityDeps,
    private readonly signal: AbortSignal,
  ) {}

  async answer(fresh: boolean): Promise<CapacityAnswer> {
    const { nodes, pods, usedBy, notes, usage, at } = await this.read(fresh);
    return { ...sumCapacity(nodes, pods, usedBy), notes, at, ...(usage ? { usage } : {}) };
  }

  async lose(node: string): Promise<LossAnswer> {
    const { nodes, pods, notes } = await this.read(false);
    if (!nodes.some((one) => one.name === node)) throw fail('not-found', `There is no node ${node}.`);
    const answer = loseNode(nodes, pods, node);
    return { ...answer, notes: [...answer.notes, ...notes] };
  }

  async fits({ cpu, memory, count, like, nodeSelector }: PodForm): Promise<FitAnswer> {
    const { nodes, pods, notes } = await this.read(false);
    const model = like && pods.find((pod) => pod.namespace === like.namespace && pod.name === like.name);
    if (like && !model)
      throw fail('not-found', `There is no running or waiting pod ${like.namespace}/${like.name}.`);
    const pod: CapacityPod = {
      namespace: '',
      name: 'asked',
      node: '',
      extended: model?.extended ?? {},
      terms: model?.terms ?? [],
      tolerations: model?.tolerations ?? [],
      priority: 0,
      bound: false,
      bare: false,
      unjudged: model?.unjudged ?? [],
      requests: { cpu, memory },
      nodeSelector: { ...model?.nodeSelector, ...nodeSelector },
    };
    const answer = fitPod(nodes, pods, pod, count);
    return { ...answer, notes: [...answer.notes, ...notes] };
  }

  private async read(fresh: boolean): Promise<Reading> {
    if (!fresh && this.last && Date.now() - this.last.at < KEEP) return this.last;
    this.reading ??= this.readAll().finally(() => {
      this.reading = undefined;
    });
    return this.reading;
  }

  private async readAll(): Promise<Reading> {
    const { deps, signal } = this;
    const { api } = deps;
    const used = (what: 'pods' | 'nodes') =>
      readUsage(api, what, [], signal).catch((thrown: unknown) => toAppError(thrown));
    const [nodeList, podList, usedNodes, usedPods] = await Promise.all([
      listMasked(deps, nodesWanted, [], [], signal),
      listMasked(deps, podsWanted, [], deps.namespaces(), signal),
      used('nodes'),
      used('pods'),
    ]);
    if (nodeList.error && nodeList.items.length === 0)
      throw fail(nodeList.error.code, nodeList.error.message, {
        ...nodeList.error,
        hint: 'Capacity is what nodes offer: without them there is nothing to compare with.',
      });
    const notes: string[] = [];
    if (podList.error)
      notes.push(`Not all pods could be read, so more is requested than is shown: ${podList.error.message}`);
    const of = (key: string): Amounts | null => ('code' in usedNodes ? null : (usedNodes.get(key) ?? null));
    const nodes = nodeList.items.map((one) => {
      const node = readNode(one);
      return { ...node, used: of(`/${node.name}`) };
    });
    const usedBy = new Map<string, Amounts>();
    if (!('code' in usedPods))
      for (const [key, one] of usedPods) {
        const namespace = key.slice(0, key.indexOf('/'));
        const sum = usedBy.get(namespace) ?? { cpu: 0, memory: 0 };
        usedBy.set(namespace, { cpu: sum.cpu + one.cpu, memory: sum.memory + one.memory });
      }
    const usage = 'code' in usedNodes ? usageProblem(usedNodes).error : undefined;
    this.last = {
      at: Date.now(),
      nodes,
      pods: podList.items.flatMap((one) => readPod(one) ?? []),
      usedBy,
      notes,
      ...(usage ? { usage } : {}),
    };
    return this.last;
  }
}
