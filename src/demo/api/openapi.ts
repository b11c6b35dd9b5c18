import type { Call } from './context';
import { noSuchPath } from './status';
export async function openapi(call: Call): Promise<void> {
  void call;
  throw noSuchPath();
}
