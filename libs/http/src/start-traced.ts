import { release } from '@guildhall/contracts';
import { startTracer, type TracingSettings } from '@guildhall/tracing';
import type { Logger } from './log.ts';
import type { Running } from './run-process.ts';

/**
 * Starts a process whose requests are traced as `settings` say; with null OpenTelemetry is not even loaded. Its last spans are sent when it has closed: a collector
 * that does not answer keeps it for a second and a half.
 */
export const startTraced = async (
  settings: TracingSettings | null,
  service: string,
  log: Logger,
  start: () => Promise<Running>,
): Promise<Running> => {
  if (settings === null) return start();
  const stopTracing = await startTracer({ settings, service, release, log });
  const { url, close } = await start();
  return {
    url,
    close: async () => {
      await close();
      await stopTracing();
    },
  };
};
