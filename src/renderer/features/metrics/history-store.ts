/** Queries that ran, newest first, each once. In memory of the window: queries may hold names of a cluster. */
import { create } from 'zustand';

const MOST = 50;

export const useHistory = create<{ readonly queries: readonly string[] }>()(() => ({ queries: [] }));

export function remember(expr: string): void {
  useHistory.setState(({ queries }) => ({
    queries: [expr, ...queries.filter((one) => one !== expr)].slice(0, MOST),
  }));
}
