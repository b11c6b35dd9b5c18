import type { ReactNode } from 'react';
import type { DrawerProps } from '../../../data/feature';

export function Drawer({ target }: DrawerProps): ReactNode {
  return <h2>{target.name}</h2>;
}
