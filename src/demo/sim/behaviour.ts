/** What a container does when it runs, decided by its image and command alone. */
import { hash } from '../random';
import type { Container, Pod } from '../model';

export type Behaviour =
  | { readonly does: 'run'; readonly readyAfter: number }
  /** Runs, but its readiness probe fails. */
  | { readonly does: 'fail-probe'; readonly message: string }
  | { readonly does: 'crash'; readonly after: number; readonly exitCode: number; readonly lastWords: string }
  | { readonly does: 'run-out-of-memory'; readonly after: number }
  | { readonly does: 'miss-image'; readonly message: string }
  | { readonly does: 'miss-config'; readonly message: string }
  | { readonly does: 'complete'; readonly after: number; readonly exitCode: number };

const special = new Map<string, Behaviour>();

/** Gives every container of an image a behaviour other than running well. */
export function teach(image: string, behaviour: Behaviour): void {
  special.set(image, behaviour);
}

export function behaviourOf(pod: Pod, container: Container): Behaviour {
  const taught = special.get(container.image);
  if (taught) return taught;
  const { image } = container;
  if (/[A-Z\s]|:.*:.*:/.test(image.split(':')[0] ?? '') || image === '')
    return { does: 'miss-image', message: `couldn't parse image name "${image}": invalid reference format` };
  if (/(missing|nosuch|does-not-exist|typo)/.test(image))
    return {
      does: 'miss-image',
      message: `failed to pull and unpack image "${image}": failed to resolve reference "${image}": ${image}: not found`,
    };
  const words = [...(container.command ?? []), ...(container.args ?? [])].join(' ');
  const exit = /\bexit (\d+)|\b(false)\b/.exec(words);
  const sleep = /\bsleep (\d+)/.exec(words);
  const after = sleep ? Number(sleep[1]) * 1000 : 1200;
  if (exit) {
    const code = Number(exit[1] ?? 1);
    return code === 0
      ? { does: 'complete', after, exitCode: 0 }
      : { does: 'crash', after, exitCode: code, lastWords: `exit status ${code}` };
  }
  const seed = hash(pod.metadata.uid + container.name);
  const ofJob = pod.spec.restartPolicy === 'Never' || pod.spec.restartPolicy === 'OnFailure';
  if (sleep || ofJob) return { does: 'complete', after: sleep ? after : 8000 + (seed % 50_000), exitCode: 0 };
  return { does: 'run', readyAfter: 1500 + (seed % 6000) };
}
