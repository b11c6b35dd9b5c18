/** Collects the whole heap, in any process: not all of them take flags of V8 when they start. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');

export const gc = runInNewContext('gc') as () => void;
