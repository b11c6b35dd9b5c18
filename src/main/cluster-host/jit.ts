/**
 * Imported first by the process of a cluster. Most of its work is bursts of some hundred milliseconds (a
 * list, a relist), in which the compiler that makes hot code faster takes as much CPU as the code itself.
 * With less inlining a list of 10,000 pods costs a sixth less (docs/performance.md, "Readers").
 */
import { setFlagsFromString } from 'node:v8';

setFlagsFromString('--max-inlined-bytecode-size-cumulative=150');

// Some seconds after each burst V8 collects the whole heap, and then twice more for what little the first
// left behind: with a table of 10,000 pods each costs 40 to 80 ms, and so it does in a host nobody uses yet.
setFlagsFromString('--memory-reducer-single-gc');
