import { AppError } from '@guildhall/errors';
import { createPulledStream, type PulledStream } from './pulled-stream.ts';

/** Exports under way: each as a stream that is made as fast as it is read. */
export interface ExportStreams {
  /** Throws SERVICE_UNAVAILABLE when too many are under way. `begin` is not called then. */
  open<T>(begin: () => Promise<{ readonly pieces: AsyncGenerator<string> } & T>): Promise<{ stream: ReadableStream<string> } & T>;
  /** Breaks off those that are under way. */
  end(): void;
}

const exportsMaxDefault = 4;

/** At most `exportsMax` at once: each holds some hundred events and a connection to the database for moments. */
export const createExportStreams = ({ exportsMax = exportsMaxDefault }: { readonly exportsMax?: number } = {}): ExportStreams => {
  const open = new Set<PulledStream>();
  let beginning = 0;
  let isEnded = false;

  const streamOf = (pieces: AsyncGenerator<string>): ReadableStream<string> => {
    const pulled = createPulledStream({
      next: async () => {
        for (;;) {
          if (isEnded) throw new Error('the service is closing');
          const { done, value } = await pieces.next();
          if (done === true) return null;
          if (value !== '') return value;
        }
      },
      farewell: () => null,
      onEnd: () => {
        open.delete(pulled);
        void pieces.return(undefined).catch(() => undefined);
      },
      stalledAfterMs: stalledAfterMs,
    });
    open.add(pulled);
    return pulled.stream;
  };
  return {
    async open(begin) {
      if (open.size + beginning >= exportsMax)
        throw new AppError('SERVICE_UNAVAILABLE', `${exportsMax} exports are under way already. Try again later.`, {
          retryAfterSeconds: 30,
        });
      beginning += 1;
      try {
        const begun = await begin();
        return { ...begun, stream: streamOf(begun.pieces) };
      } finally {
        beginning -= 1;
      }
    },
    end: () => {
      isEnded = true;
      for (const each of open) each.end();
    },
  };
};

/** An export takes its time: who reads nothing for this long is gone. */
const stalledAfterMs = 60_000;
