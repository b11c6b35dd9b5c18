/** Rows that nothing drives yet: each fails and says what is missing. A row moves out when it is driven. */
import { absent } from './support/row';

absent(56, 'pastes (src/main/features/shell/input.ts) are not driven by this suite yet');
absent(57, 'there is no port forward yet');
absent(58, 'there is no port forward yet');
absent(
  59,
  'edits (src/main/features/objects) are not driven by this suite yet; test/integration/objects-real.test.ts shows them on a real cluster',
);
absent(60, 'edits of unknown outcome (src/main/features/objects) are not driven by this suite yet');
absent(61, 'deletes (src/main/features/actions) are not driven by this suite yet');
absent(62, 'bulk deletes (src/main/features/actions) are not driven by this suite yet');
absent(63, 'the editor reads YAML in the page; its worker is not driven by this suite yet');
absent(64, 'there are no Helm releases yet');
absent(65, 'metrics are not driven by this suite yet');
