/** Seeing a cluster as somebody else: a second session of the context with impersonation. */
import { app } from '#shared/contract/app';
import { fail } from '#shared/util/app-error';
import { useAppData } from './app-data';
import { openCluster, useSession } from './session';
import { useWorkbench } from './workbench';

/** Opens the view; rejects with AppFailure where main refuses. The server decides when it connects. */
export async function startViewAs(contextId: string, user: string, groups: readonly string[]): Promise<void> {
  const { client } = useAppData.getState();
  if (!client) throw fail('closed', 'The main process is not connected.');
  const view = await client.call(app, 'viewAs', { contextId, user, groups: [...groups] });
  openCluster(view.contextId);
}

/** Leaves the view and goes back to the context it shows. */
export function leaveViewAs(contextId: string): void {
  const { client, contextById } = useAppData.getState();
  const of = contextById.get(contextId)?.viewAs?.of;
  useSession.setState((state) => ({ mounted: state.mounted.filter((id) => id !== contextId) }));
  useWorkbench.setState(({ benches }) => {
    const left = Object.entries(benches).filter(([id]) => id !== contextId);
    return { benches: Object.fromEntries(left) };
  });
  if (of !== undefined) openCluster(of);
  client?.call(app, 'endViewAs', { contextId }).catch(() => undefined);
}
