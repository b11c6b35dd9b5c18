/** A button that opens every command about one object: for heads of drawers and detail pages. */
import { IconDotsVertical } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { IconButton } from '../ui/Button';
import { CommandMenu } from './CommandMenu';
import type { SelectedObject } from './feature';

const IDS = ['!object.open', 'object.copy-name', 'object.copy-kubectl', '-', '*', '-', 'action.delete'];

export function ObjectMenuButton({ object }: { readonly object: SelectedObject }): ReactNode {
  const [at, setAt] = useState<{ readonly x: number; readonly y: number } | undefined>(undefined);
  return (
    <>
      <IconButton
        label="Actions"
        aria-haspopup="menu"
        onClick={(event) => {
          const { right, bottom } = event.currentTarget.getBoundingClientRect();
          setAt({ x: right - 220, y: bottom + 4 });
        }}
      >
        <IconDotsVertical />
      </IconButton>
      {at && (
        <CommandMenu
          label={object.name}
          ids={IDS}
          at={at}
          context={{ selection: [object] }}
          onClose={() => setAt(undefined)}
        />
      )}
    </>
  );
}
