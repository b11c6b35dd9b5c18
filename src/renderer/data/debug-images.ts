/** Images debug containers are made from: those used, the last one first, are kept in the settings. */

/** First of all, until the person uses another one. */
export const USUAL_IMAGE = 'busybox:1.35';
export const MOST_IMAGES = 12;
