import { activate } from './active-tracer.ts';
import type { TracerParts } from './open-telemetry.ts';

/** Loads OpenTelemetry and traces this process from now on. Returns a function that ends that, and sends what has ended, for a bounded time. */
export const startTracer = async (parts: TracerParts): Promise<() => Promise<void>> => {
  const { createTracer } = await import('./open-telemetry.ts');
  const tracer = createTracer(parts);
  activate(tracer);
  return async () => {
    activate(undefined);
    await tracer.close();
  };
};
