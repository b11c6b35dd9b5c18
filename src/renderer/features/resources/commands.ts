/** Commands of tables and of the objects chosen in them; they act on the table that has the keyboard. */
import type { Command, CommandContext, SelectedObject } from '../../data/feature';
import { useAppData } from '../../data/app-data';
import { openDrawer } from '../../data/workbench';
import { activeTable, type ActiveTable } from './active-table';
import { kubectlGet } from './kubectl';
import { copyAndSay } from './notice';
import { countWord } from './rows-text';

const needsTable = (context: CommandContext): 'hidden' | undefined =>
  activeTable(context) ? undefined : 'hidden';

const needsRow = (context: CommandContext): string | 'hidden' | undefined => {
  const table = activeTable(context);
  if (context.selection.length > 0 || table?.nav.selection.all) return undefined;
  return table ? 'Choose a row first' : 'hidden';
};

/** What a command is about: the rows it was given, else all that the query chooses. */
async function objectsOf(context: CommandContext): Promise<readonly SelectedObject[]> {
  const table = activeTable(context);
  return context.selection.length === 0 && table ? table.chosen() : context.selection;
}

/** `text` gives a line for each thing that is copied. */
async function copyObjects(
  context: CommandContext,
  what: string,
  text: (objects: readonly SelectedObject[]) => string,
): Promise<void> {
  const say = activeTable(context)?.say ?? ((): void => undefined);
  try {
    const lines = text(await objectsOf(context));
    await copyAndSay(lines, countWord(lines.split('\n').length, what), say);
  } catch (thrown) {
    say({
      tone: 'bad',
      text: `Not copied: ${thrown instanceof Error ? thrown.message : 'the objects could not be read.'}`,
    });
  }
}

/** In text fields, and where text is marked, these keys belong to the text. */
const notInText = (context: CommandContext): string | 'hidden' | undefined => {
  const field = document.activeElement?.closest('input, textarea, [contenteditable]');
  if (field || String(getSelection() ?? '') !== '') return 'Text is being edited or marked';
  return needsTable(context);
};

function onTable(run: (table: ActiveTable, context: CommandContext) => void): Command['run'] {
  return (context) => {
    const table = activeTable(context);
    if (table) run(table, context);
  };
}

function move(
  id: string,
  title: string,
  keys: readonly string[],
  run: (table: ActiveTable) => void,
): Command {
  return {
    id: `table.${id}`,
    title,
    group: 'Table',
    keys,
    quiet: true,
    disabled: needsTable,
    run: onTable(run),
  };
}

export const resourceCommands: readonly Command[] = [
  {
    id: 'object.open',
    title: 'Open details',
    group: 'Object',
    keys: ['enter', 'd'],
    disabled: needsRow,
    run: (context) => {
      const { clusterId, selection } = context;
      const table = activeTable(context);
      const [first] = selection;
      if (clusterId !== null && first) {
        openDrawer(clusterId, { kind: first.kind, namespace: first.namespace, name: first.name });
      } else table?.nav.open();
    },
  },
  {
    id: 'object.copy-name',
    title: 'Copy name',
    group: 'Object',
    keys: ['y'],
    disabled: needsRow,
    run: (context) =>
      copyObjects(context, 'name', (objects) => objects.map((object) => object.name).join('\n')),
  },
  {
    id: 'object.copy-kubectl',
    title: 'Copy kubectl command',
    group: 'Object',
    keys: ['shift+y'],
    disabled: needsRow,
    run: (context) => {
      const { clusterId } = context;
      const cluster = clusterId === null ? undefined : useAppData.getState().contextById.get(clusterId);
      return copyObjects(context, 'kubectl command', (objects) => kubectlGet(objects, cluster?.name));
    },
  },
  {
    id: 'table.copy-cell',
    title: 'Copy cell',
    group: 'Table',
    disabled: (context) => (activeTable(context)?.copyCell() === undefined ? 'hidden' : undefined),
    run: onTable((table) => void copyAndSay(table.copyCell() ?? '', 'the cell', table.say)),
  },
  {
    id: 'table.copy-rows',
    title: 'Copy rows',
    group: 'Table',
    keys: ['mod+c'],
    disabled: (context) => notInText(context) ?? needsRow(context),
    run: onTable((table) => void table.copyRows()),
  },
  {
    id: 'table.filter',
    title: 'Filter this table',
    group: 'Table',
    keys: ['/'],
    disabled: needsTable,
    run: onTable((table) => table.focusFilter()),
  },
  {
    id: 'table.clear-filter',
    title: 'Clear the filter',
    group: 'Table',
    disabled: needsTable,
    run: onTable((table) => table.setFilter('')),
  },
  {
    id: 'table.columns',
    title: 'Choose columns',
    group: 'Table',
    disabled: needsTable,
    run: onTable((table) => table.openColumns()),
  },
  {
    id: 'table.select-all',
    title: 'Select all rows',
    group: 'Table',
    keys: ['mod+a'],
    disabled: notInText,
    run: onTable((table) => table.nav.selection.chooseAll()),
  },
  {
    id: 'table.clear-selection',
    title: 'Clear the selection',
    group: 'Table',
    disabled: needsTable,
    run: onTable((table) => void table.nav.selection.clear()),
  },
  move('down', 'Next row', ['j', 'arrowdown'], ({ nav }) => nav.move(1)),
  move('up', 'Previous row', ['k', 'arrowup'], ({ nav }) => nav.move(-1)),
  move('extend-down', 'Add the next row', ['shift+j', 'shift+arrowdown'], ({ nav }) => nav.move(1, 'extend')),
  move('extend-up', 'Add the previous row', ['shift+k', 'shift+arrowup'], ({ nav }) =>
    nav.move(-1, 'extend'),
  ),
  move('first', 'First row', ['home'], ({ nav }) => nav.moveTo(0)),
  move('last', 'Last row', ['end'], ({ nav }) => nav.moveTo(Number.MAX_SAFE_INTEGER)),
  move('page-down', 'Page down', ['pagedown'], ({ nav }) => nav.page(1)),
  move('page-up', 'Page up', ['pageup'], ({ nav }) => nav.page(-1)),
  move('toggle', 'Select or deselect the row', ['space'], ({ nav }) => nav.toggle()),
];
