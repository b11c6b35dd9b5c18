/** A log feed that lives as long as its panel. */
import { useEffect, useState, useSyncExternalStore } from 'react';
import { useCluster } from '../../data/connections';
import { LogFeed, type FeedHead, type FeedOptions } from './log-feed';

export function useFeed(
  options: FeedOptions,
  hidden: boolean,
): { readonly feed: LogFeed; readonly head: FeedHead } {
  const client = useCluster();
  const key = JSON.stringify(options);
  const [held, setHeld] = useState(() => ({ key, feed: new LogFeed(options) }));
  let { feed } = held;
  if (held.key !== key) {
    feed = new LogFeed(options);
    setHeld({ key, feed });
  }
  useEffect(() => feed.setHidden(hidden), [feed, hidden]);
  useEffect(() => feed.attach(client), [feed, client]);
  useEffect(() => () => feed.detach(), [feed]);
  const head = useSyncExternalStore(feed.subscribe, feed.head);
  return { feed, head };
}
