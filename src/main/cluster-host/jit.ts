/**
 * Imported first by the process of a cluster. Most of its work is bursts of some hundred milliseconds (a
 * list, a relist), in which the compiler that makes hot code faster takes as much CPU as the code itself.
 * With less inlining it takes half as much, and code that ran for long is no slower (docs/performance.md).
 */
import { setFlagsFromString } from 'node:v8';

setFlagsFromString('--max-inlined-bytecode-size-cumulative=150');
