/** What the API asks of the simulation: things that are not stored objects. */
import type { Pod } from '../model';

export interface LogLine {
  /** Epoch ms. */
  readonly at: number;
  readonly text: string;
}

export interface Workings {
  /** Lines of a container between two times (epoch ms, from <= at < to), oldest first. */
  logLines(pod: Pod, container: string, previous: boolean, from: number, to: number): LogLine[];
  /** The first time a container (or its previous run) can have logged; undefined: it never ran. */
  logStart(pod: Pod, container: string, previous: boolean): number | undefined;
  /** Calls back when cluster time has moved. */
  onTick(callback: () => void): () => void;
  nodeUsage(node: string): { cpu: string; memory: string } | undefined;
  podUsage(pod: Pod): { name: string; usage: { cpu: string; memory: string } }[];
}
