import { useEffect, useLayoutEffect, useReducer, useState, type ComponentType, type ReactNode } from 'react';

type PropsOf<T> = T extends (props: infer P extends object) => ReactNode ? P : object;

export interface Lazy<Props> {
  (props: Props): ReactNode;
  /** Fetches the code unless it is here: then the first use shows no placeholder. Never fails. */
  preload(): void;
}

/**
 * A component whose code comes when it is first shown. Unlike React's own `lazy` it never suspends:
 * what suspended once, React shows no sooner than 300 ms after its placeholder, however fast the code
 * came. Shows `placeholder` meanwhile. Code that does not come is an error of the nearest boundary;
 * shown again there, it is asked for again.
 */
export function lazy<T extends (props: never) => ReactNode>(
  load: () => Promise<{ readonly default: T }>,
  placeholder: ReactNode = null,
): Lazy<PropsOf<T>> {
  type Props = PropsOf<T>;
  let Loaded: ComponentType<Props> | undefined;
  let loading: Promise<void> | undefined;
  const begin = (): Promise<void> => {
    loading ??= load().then(
      (module) => void (Loaded = module.default as unknown as ComponentType<Props>),
      (thrown: unknown) => {
        loading = undefined;
        throw thrown;
      },
    );
    return loading;
  };
  function Late(props: Props): ReactNode {
    const [, redraw] = useReducer((count: number) => count + 1, 0);
    const [failure, setFailure] = useState<{ readonly thrown: unknown }>();
    const Shown = Loaded;
    const isMissing = Shown === undefined;
    useLayoutEffect(() => {
      if (!isMissing) return undefined;
      let isShown = true;
      begin().then(
        () => isShown && redraw(),
        (thrown: unknown) => isShown && setFailure({ thrown }),
      );
      return () => void (isShown = false);
    }, [isMissing]);
    if (failure) throw failure.thrown;
    return Shown === undefined ? placeholder : <Shown {...props} />;
  }
  return Object.assign(Late, { preload: () => void begin().catch(() => undefined) });
}

/** What somebody has just opened comes first, also while the window only waits for its data, ms. */
const PRELOAD_AFTER_MS = 500;

/** Preloads them once the window has nothing to do, as soon as `isWanted`. Give it a list that stays the same. */
export function usePreload(those: readonly { preload(): void }[], isWanted = true): void {
  useEffect(() => {
    if (!isWanted || typeof requestIdleCallback !== 'function') return undefined;
    let handle = 0;
    const timer = setTimeout(() => {
      handle = requestIdleCallback(() => those.forEach((one) => one.preload()), { timeout: 1_500 });
    }, PRELOAD_AFTER_MS);
    return () => {
      clearTimeout(timer);
      cancelIdleCallback(handle);
    };
  }, [those, isWanted]);
}
