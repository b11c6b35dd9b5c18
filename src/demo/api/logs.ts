import type { ResourceCall } from './context';
import { noSuchPath } from './status';
export async function logs(call: ResourceCall): Promise<void> {
  void call;
  throw noSuchPath();
}
