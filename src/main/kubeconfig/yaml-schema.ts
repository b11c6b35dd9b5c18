/**
 * YAML as kubectl reads it: 1.1 words for booleans and octal numbers, merge keys, but no
 * dates, sets or sexagesimal numbers. Aliases are counted, so that a small file cannot
 * grow into gigabytes; duplicate keys are reported by the caller, not refused here.
 */
import type { CreateNodeOptions, DocumentOptions, ParseOptions, SchemaOptions, Tags } from 'yaml';

/** Most aliases that one entry may expand to. */
export const MAX_ALIASES = 100;

const dropped = new Set(['timestamp', 'set', 'omap', 'pairs', 'binary']);

function keep(tags: Tags): Tags {
  return tags.filter((tag) => {
    if (typeof tag === 'string') return !dropped.has(tag);
    if (tag.format === 'TIME') return false;
    return !dropped.has(tag.tag.replace('tag:yaml.org,2002:', ''));
  });
}

export const kubeYaml: ParseOptions & DocumentOptions & SchemaOptions & CreateNodeOptions = {
  version: '1.1',
  schema: 'yaml-1.1',
  customTags: keep,
  merge: true,
  uniqueKeys: false,
  keepSourceTokens: false,
  prettyErrors: false,
  logLevel: 'silent',
  strict: true,
};
