import { AppError } from '@guildhall/errors';
import { createPulledStream } from './pulled-stream.ts';

/** Exports under way: each as a stream that is made as fast as it is read. */
export interface ExportStreams {
  /** Throws SERVICE_UNAVAILABLE when too many are under way. `begin` is not called then. */
  open<T>(begin: () => Promise<{ readonly pieces: AsyncGenerator<string> } & T>): Promise<{ stream: ReadableStream<string> } & T>;
  /** Breaks off those that are under way: there is no good end to them. `why` is for the log. */
  breakOff(why: string): void;
}

const exportsMaxDefault = 4;

/** At most `exportsMax` at once: each holds some hundred events and a connection to the database for moments. */
export const createExportStreams = ({ exportsMax = exportsMaxDefault }: { readonly exportsMax?: number } = {}): ExportStreams => {
  const open = new Set<(why: string) => void>();
  let beginning = 0;
  let timesBroken = 0;

  const streamOf = (pieces: AsyncGenerator<string>): ReadableStream<string> => {
    let brokenBy: string | null = null;
    const breakOff = (why: string): void => {
      brokenBy = why;
      pulled.end(why);
    };
    const pulled = createPulledStream({
      next: async () => {
        for (;;) {
          const { done, value } = await pieces.next();
          if (brokenBy !== null) throw new Error(brokenBy);
          if (done === true) return null;
          if (value !== '') return value;
        }
      },
      farewell: () => null,
      onEnd: () => {
        open.delete(breakOff);
        void pieces.return(undefined).catch(() => undefined);
      },
      stalledAfterMs: stalledAfterMs,
    });
    open.add(breakOff);
    return pulled.stream;
  };
  return {
    async open(begin) {
      if (open.size + beginning >= exportsMax)
        throw new AppError('SERVICE_UNAVAILABLE', `${exportsMax} exports are under way already. Try again later.`, {
          retryAfterSeconds: 30,
        });
      beginning += 1;
      const before = timesBroken;
      try {
        const begun = await begin();
        if (timesBroken !== before)
          throw new AppError('SERVICE_UNAVAILABLE', 'The audit log changed under this export. Ask again.', {
            retryAfterSeconds: 1,
          });
        return { ...begun, stream: streamOf(begun.pieces) };
      } finally {
        beginning -= 1;
      }
    },
    breakOff: (why) => {
      timesBroken += 1;
      for (const breakOff of open) breakOff(why);
    },
  };
};

/** An export takes its time: who reads nothing for this long is gone. */
const stalledAfterMs = 60_000;
