/** Between main and the demo cluster's process. */
import type { ContextConfig } from '../kubeconfig/types';

export type DemoCommand = { readonly type: 'stop' };

export type DemoEvent =
  | { readonly type: 'started'; readonly config: ContextConfig }
  | { readonly type: 'failed'; readonly message: string };
