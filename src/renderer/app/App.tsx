/** Everything around the frame: providers, feeds, overlays, global keys. */
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { ConnectionsContext, type Connections } from '../data/connections';
import { useSettings } from '../data/app-data';
import { ConfirmHost } from '../data/ConfirmHost';
import { ToldLine } from '../data/ToldLine';
import { ThemeProvider } from '../ui/theme/ThemeProvider';
import { Tips } from '../ui/Tips';
import { Commands } from './Commands';
import { Feeds } from './Feeds';
import { Frame } from './Frame';
import { Overlays } from './Overlays';

export function App({ connections }: { readonly connections: Connections }): ReactNode {
  const { theme, density } = useSettings();
  const [queries] = useState(
    () => new QueryClient({ defaultOptions: { queries: { retry: false, refetchOnWindowFocus: false } } }),
  );
  return (
    <QueryClientProvider client={queries}>
      <ConnectionsContext value={connections}>
        <ThemeProvider theme={theme} density={density}>
          <Feeds />
          <Commands>
            <Frame />
            <Overlays />
            <ConfirmHost />
          </Commands>
          <ToldLine />
          <Tips />
        </ThemeProvider>
      </ConnectionsContext>
    </QueryClientProvider>
  );
}
