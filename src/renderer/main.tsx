/** Starts the renderer: connections first (a port may wait), then the first frame. */
import '@fontsource-variable/inter/wght.css';
import '@fontsource-variable/jetbrains-mono/wght.css';
import './ui/theme/tokens.css';
import './ui/theme/mantine.css';
import './ui/theme/base.css';
import { createRoot } from 'react-dom/client';
import { App } from './app/App';
import { Connections } from './data/connections';

const connections = new Connections();
connections.start(window);
const root = document.getElementById('root');
if (root) createRoot(root).render(<App connections={connections} />);
