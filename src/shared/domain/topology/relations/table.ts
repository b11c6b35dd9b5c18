/** The one table of relations (T1-T66): every edge of the graph comes from an entry of it. */
import { INFERRED_RELATIONS } from './inferred';
import { ACCESS_RELATIONS } from './table-access';
import { ADDON_RELATIONS } from './table-addons';
import { APP_RELATIONS } from './table-apps';
import { NETWORK_RELATIONS } from './table-network';
import { POD_RELATIONS } from './table-pods';
import { POLICY_RELATIONS } from './table-policy';
import { STORAGE_RELATIONS } from './table-storage';
import type { Relation } from './types';

export const RELATIONS: readonly Relation[] = [
  ...POD_RELATIONS,
  ...NETWORK_RELATIONS,
  ...STORAGE_RELATIONS,
  ...POLICY_RELATIONS,
  ...ACCESS_RELATIONS,
  ...APP_RELATIONS,
  ...ADDON_RELATIONS,
  ...INFERRED_RELATIONS,
];
