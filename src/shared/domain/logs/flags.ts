/** One byte per line: its level in the low three bits, and what else is known of it. */
export const LEVEL_BITS = 7;
/** Goes on from the line before it in the same stream (stack traces). */
export const CONTINUES = 8;
/** Not the container's words but ours: a gap, a restart, an end. */
export const MARKER = 16;
/** Arrived after later lines had been shown. */
export const LATE = 32;
/** The line was longer than we keep: this is a piece of it. */
export const PIECE = 64;
/** Only for the screen: does not meet the filter, stands near a line that does. */
export const CONTEXT = 128;
