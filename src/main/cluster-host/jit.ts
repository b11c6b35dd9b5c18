/**
 * Imported first by the process of a cluster. Most of its work is bursts of some hundred milliseconds (a
 * list, a relist), in which the compiler that makes hot code faster takes as much CPU as the code itself.
 * With less inlining a list of 10,000 pods costs a sixth less (docs/performance.md, "Readers").
 */
import { setFlagsFromString } from 'node:v8';

setFlagsFromString('--max-inlined-bytecode-size-cumulative=150');
