import type { ResourceCall } from './context';
import type { Verb } from './faults';
import { methodNotAllowed } from './status';
export async function write(call: ResourceCall, verb: Verb): Promise<void> {
  void call;
  void verb;
  throw methodNotAllowed();
}
