/**
 * What runs inside the measured page: counts commits of React, mutations of the document and
 * frames, and notes when a number written into the restarts column has been painted.
 * A function's text, given to the page before its own scripts; it may use nothing from outside.
 */

export interface PageProbe {
  /** Renders React finished, and changes of the document, since `reset`. */
  commits: number;
  mutations: number;
  /** What changed, the first few. */
  places: string[];
  /** Times between frames, ms, while `frames` are recorded. */
  frames: number[];
  /** Frames during which a row on screen had no data yet, or no row was there. */
  waiting: number;
  blank: number;
  /** Number in the restarts column -> epoch ms of its paint. */
  painted: Record<string, number>;
  shift: number;
  reset(): void;
  record(): void;
  stop(): void;
  /** Whether changes of the document are watched: that costs the page some of its own time with each. */
  watch(on: boolean): void;
}

declare global {
  interface Window {
    bench: PageProbe;
  }
}

export function installProbe(): void {
  if (window.top !== window) return;
  /** Grows with each recording and its end: a loop of an earlier one ends at its next frame. */
  let loop = 0;
  let last = 0;
  const grid = (): Element | undefined =>
    [...document.querySelectorAll('[role=grid]')].find((one) => one.checkVisibility());
  const probe: PageProbe = {
    commits: 0,
    mutations: 0,
    places: [],
    frames: [],
    waiting: 0,
    blank: 0,
    painted: {},
    shift: 0,
    reset: () => {
      Object.assign(probe, {
        commits: 0,
        mutations: 0,
        places: [],
        frames: [],
        waiting: 0,
        blank: 0,
        painted: {},
        shift: 0,
      });
    },
    record: () => {
      last = 0;
      loop += 1;
      const mine = loop;
      const next = (now: number): void => {
        if (loop !== mine) return;
        frame(now);
        requestAnimationFrame(next);
      };
      requestAnimationFrame(next);
    },
    stop: () => {
      loop += 1;
    },
    watch: (on) => {
      if (on) observe();
      else observer.disconnect();
    },
  };
  window.bench = probe;
  const frame = (now: number): void => {
    if (last > 0) probe.frames.push(now - last);
    last = now;
    const table = grid();
    const box = table?.getBoundingClientRect();
    let rows = 0;
    let busy = 0;
    for (const row of table?.querySelectorAll('[role=row][data-index]') ?? []) {
      const at = row.getBoundingClientRect();
      if (!box || at.bottom < box.top || at.top > box.bottom) continue;
      rows += 1;
      if (row.hasAttribute('aria-busy')) busy += 1;
    }
    if (busy > 0) probe.waiting += 1;
    if (rows === 0 || busy === rows) probe.blank += 1;
  };
  // React tells whoever claims to be its developer tools of each commit, also in a product build.
  Object.assign(window, {
    __REACT_DEVTOOLS_GLOBAL_HOOK__: {
      renderers: new Map(),
      supportsFiber: true,
      inject: () => 1,
      onCommitFiberRoot: () => (probe.commits += 1),
      onCommitFiberUnmount: () => undefined,
      onPostCommitFiberRoot: () => undefined,
      checkDCE: () => undefined,
    },
  });
  const fresh = new Set<string>();
  const channel = new MessageChannel();
  channel.port1.onmessage = () => {
    const now = Date.now();
    for (const text of fresh) probe.painted[text] ??= now;
    fresh.clear();
  };
  const observer = new MutationObserver((changes) => {
    probe.mutations += changes.length;
    const before = fresh.size;
    for (const { target, type, attributeName } of changes) {
      const element = target instanceof Element ? target : target.parentElement;
      if (probe.places.length < 20)
        probe.places.push(
          `${type} ${attributeName ?? ''} ${element?.tagName} ${element?.className} ${element?.textContent?.slice(0, 60)}`,
        );
      const cell = element?.closest('[data-col=restarts]');
      const number = cell && /^7\d{6}/.exec(cell.textContent ?? '')?.[0];
      if (number && probe.painted[number] === undefined) fresh.add(number);
    }
    // After the frame that shows it: a message sent from a frame's callback comes behind its paint.
    if (before === 0 && fresh.size > 0) requestAnimationFrame(() => channel.port2.postMessage(0));
  });
  const observe = (): void =>
    observer.observe(document.documentElement, {
      subtree: true,
      childList: true,
      characterData: true,
      attributes: true,
    });
  const begin = (): void => {
    observe();
    try {
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) {
          const { value, hadRecentInput } = entry as PerformanceEntry & {
            value: number;
            hadRecentInput: boolean;
          };
          if (!hadRecentInput) probe.shift += value;
        }
      }).observe({ type: 'layout-shift', buffered: false });
    } catch {
      // Not known to this engine.
    }
  };
  if (document.documentElement) begin();
  else document.addEventListener('readystatechange', begin, { once: true });
}
