/** Mantine's theme: sizes and behaviour only. Colours come from tokens.css through mantine.css. */
import { createTheme } from '@mantine/core';

export const theme = createTheme({
  fontFamily: 'var(--font)',
  fontFamilyMonospace: 'var(--mono)',
  defaultRadius: 4,
  cursorType: 'default',
  focusRing: 'never',
  respectReducedMotion: true,
  components: {
    Popover: { defaultProps: { transitionProps: { duration: 120, transition: 'fade' }, shadow: 'md' } },
    Menu: { defaultProps: { transitionProps: { duration: 120, transition: 'fade' }, shadow: 'md' } },
    Modal: { defaultProps: { transitionProps: { duration: 120, transition: 'fade' }, shadow: 'xl' } },
  },
});
