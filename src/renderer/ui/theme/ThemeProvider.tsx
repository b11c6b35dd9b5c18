/**
 * Puts the chosen theme and density on the root element and gives Mantine its theme.
 * Mantine's own style elements are off: they are written through innerHTML, which
 * Trusted Types forbids; mantine.css holds what they would say.
 */
import { MantineProvider } from '@mantine/core';
import { useLayoutEffect, useSyncExternalStore, type ReactNode } from 'react';
import { theme } from './theme';

export interface ThemeProviderProps {
  readonly theme: 'system' | 'light' | 'dark';
  readonly density: 'compact' | 'normal' | 'relaxed';
  readonly children: ReactNode;
}

const darkQuery = '(prefers-color-scheme: dark)';

function subscribeSystem(listener: () => void): () => void {
  if (typeof window.matchMedia !== 'function') return () => undefined;
  const query = window.matchMedia(darkQuery);
  query.addEventListener('change', listener);
  return () => query.removeEventListener('change', listener);
}

function systemIsDark(): boolean {
  return typeof window.matchMedia === 'function' && window.matchMedia(darkQuery).matches;
}

export function ThemeProvider({ theme: choice, density, children }: ThemeProviderProps): ReactNode {
  const systemDark = useSyncExternalStore(subscribeSystem, systemIsDark);
  const scheme = choice === 'system' ? (systemDark ? 'dark' : 'light') : choice;
  useLayoutEffect(() => {
    const root = document.documentElement;
    root.dataset['theme'] = scheme;
    root.dataset['density'] = density;
  }, [scheme, density]);
  return (
    <MantineProvider
      theme={theme}
      forceColorScheme={scheme}
      withCssVariables={false}
      withGlobalClasses={false}
      deduplicateInlineStyles
    >
      {children}
    </MantineProvider>
  );
}
