import { AppError } from '@guildhall/errors';
import { createSlots, type SlotHolder } from '@guildhall/resources';
import { createPulledStream } from './pulled-stream.ts';

/** The exports under way, each a stream that is made as fast as it is read. */
export interface ExportStreams {
  /**
   * Begins an export and opens its stream. Throws RATE_LIMITED when the user's share is taken, SERVICE_UNAVAILABLE when too
   * many are under way; `begin` is not called then.
   */
  open<T>(
    reader: SlotHolder,
    begin: () => Promise<{ readonly pieces: AsyncGenerator<string> } & T>,
  ): Promise<{ stream: ReadableStream<string> } & T>;
  /** Errors every stream that is under way. `why` is for the log. */
  abort(why: string): void;
}

export interface ExportLimits {
  readonly exportsMax: number;
  readonly exportsPerUserMax: number;
  /** The number of exports reserved for readers of the whole trail. */
  readonly reservedExports: number;
  readonly stalledAfterMs: number;
  readonly charactersPerSecondMin: number;
}

/** The default limits. Each export holds some hundred events, and a database connection for moments. */
const limitsDefault: ExportLimits = {
  exportsMax: 4,
  exportsPerUserMax: 1,
  reservedExports: 1,
  stalledAfterMs: 60_000,
  charactersPerSecondMin: 8_192,
};
const retryAfterSeconds = 30;

export interface ExportStreamsParts {
  readonly monotonicMs: () => number;
  readonly limits?: Partial<ExportLimits>;
}

const slotsFor = ({ exportsMax, exportsPerUserMax, reservedExports }: ExportLimits) =>
  createSlots({
    slotsMax: exportsMax,
    slotsPerHolderMax: exportsPerUserMax,
    reservedSlots: reservedExports,
    allTaken: (slots) => `${slots} exports are under way already. Try again later.`,
    shareTaken: () => 'You have an export under way already. Wait until it ends, or cancel it.',
    retryAfterSeconds,
  });

/** The next piece that is not empty, null at the end. Throws an Error once the export was aborted. */
const nextPiece = async (pieces: AsyncGenerator<string>, abortedBy: () => string | null): Promise<string | null> => {
  for (;;) {
    const { done, value } = await pieces.next();
    const why = abortedBy();
    if (why !== null) throw new Error(why);
    if (done === true) return null;
    if (value !== '') return value;
  }
};

export const createExportStreams = ({ monotonicMs, ...given }: ExportStreamsParts): ExportStreams => {
  const limits = { ...limitsDefault, ...given.limits };
  const slots = slotsFor(limits);
  const open = new Set<(why: string) => void>();
  let timesAborted = 0;

  const streamOf = (pieces: AsyncGenerator<string>, release: () => void): ReadableStream<string> => {
    let abortedBy: string | null = null;
    const abort = (why: string): void => {
      abortedBy = why;
      pulled.abort(why);
    };
    const pulled = createPulledStream({
      next: () => nextPiece(pieces, () => abortedBy),
      finalChunk: () => null,
      onEnd: () => {
        release();
        open.delete(abort);
        void pieces.return(undefined).catch(() => undefined);
      },
      monotonicMs,
      ...limits,
    });
    open.add(abort);
    return pulled.stream;
  };
  return {
    async open(reader, begin) {
      const release = slots.take(reader);
      const before = timesAborted;
      try {
        const begun = await begin();
        if (timesAborted !== before)
          throw new AppError('SERVICE_UNAVAILABLE', 'The audit log was replaced during this export. Try again.', {
            retryAfterSeconds: 1,
          });
        return { ...begun, stream: streamOf(begun.pieces, release) };
      } catch (error) {
        release();
        throw error;
      }
    },
    abort: (why) => {
      timesAborted += 1;
      for (const abort of open) abort(why);
    },
  };
};
