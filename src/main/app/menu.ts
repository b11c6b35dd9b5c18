/**
 * The native menu: standard roles only. Verbs live in the renderer's command list, where
 * palette, keys and overlay read them; a role here never takes a key from that list.
 */
import { Menu, type MenuItemConstructorOptions } from 'electron';

export function buildMenu(mac: boolean, devTools: boolean): MenuItemConstructorOptions[] {
  const view: MenuItemConstructorOptions[] = [
    { role: 'resetZoom' },
    { role: 'zoomIn' },
    { role: 'zoomOut' },
    { type: 'separator' },
    { role: 'togglefullscreen' },
  ];
  if (devTools) view.push({ type: 'separator' }, { role: 'toggleDevTools' });
  const first: MenuItemConstructorOptions = mac
    ? { role: 'appMenu' }
    : { label: '&File', submenu: [{ role: 'quit' }] };
  return [
    first,
    // Paste, copy and the like work on macOS only when a menu names them.
    { role: 'editMenu' },
    { label: '&View', submenu: view },
    // Not the whole window menu: its Ctrl+W would close the window instead of a tab.
    { label: '&Window', submenu: [{ role: 'minimize' }, { role: 'zoom' }] },
  ];
}

export function setMenu(devTools: boolean): void {
  Menu.setApplicationMenu(Menu.buildFromTemplate(buildMenu(process.platform === 'darwin', devTools)));
}
