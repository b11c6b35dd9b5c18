/** Words that kinds of storage share. */
import { strings } from '../k8s/read';

const modes = new Map([
  ['ReadWriteOnce', 'RWO'],
  ['ReadOnlyMany', 'ROX'],
  ['ReadWriteMany', 'RWX'],
  ['ReadWriteOncePod', 'RWOP'],
]);

/** `RWO, RWX`, as kubectl shortens them. */
export function accessModes(list: readonly string[] | undefined): string {
  return strings(list)
    .map((mode) => modes.get(mode) ?? mode)
    .join(', ');
}
