/** A Chrome trace of a page, as its developer tools would record it. */
import type { Page } from '@playwright/test';

export interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly ts: number;
  readonly dur?: number;
  readonly tid: number;
  readonly args?: unknown;
}

export async function tracing(page: Page): Promise<{ stop(): Promise<{ traceEvents: TraceEvent[] }> }> {
  const session = await page.context().newCDPSession(page);
  const traceEvents: TraceEvent[] = [];
  session.on('Tracing.dataCollected', ({ value }) => traceEvents.push(...(value as unknown as TraceEvent[])));
  await session.send('Tracing.start', {
    transferMode: 'ReportEvents',
    categories: 'devtools.timeline,disabled-by-default-devtools.timeline,disabled-by-default-v8.cpu_profiler',
  });
  return {
    stop: async () => {
      const complete = new Promise<void>((done) => session.once('Tracing.tracingComplete', () => done()));
      await session.send('Tracing.end');
      await complete;
      return { traceEvents };
    },
  };
}
