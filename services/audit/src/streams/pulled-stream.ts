export interface PulledStreamParts {
  /** Makes the next chunk, once the reader has taken the one before; null at the end. When it rejects, the stream errors. */
  next(): Promise<string | null>;
  /** The last chunk for a stalled reader; null: the stream errors without one. */
  finalChunk(): string | null;
  /** Called once, however the stream ended. */
  onEnd(): void;
  readonly monotonicMs: () => number;
  /** The time within which a reader must take a chunk, in milliseconds. Default: 10,000. */
  readonly stalledAfterMs?: number;
  /**
   * The least rate of a reader over the whole stream: all its delays together may be `stalledAfterMs` and a second for each
   * so many characters that it took. Default: no least rate, each chunk counts by itself.
   */
  readonly charactersPerSecondMin?: number;
}

export interface PulledStream {
  readonly stream: ReadableStream<string>;
  /** Errors the stream at once, unless `next` is under way: then `next` has to end it. `why` is for the log. */
  abort(why?: string): void;
}

const stalledAfterMsDefault = 10_000;
/** The time that a stalled reader gets to take the final chunk, in milliseconds. */
const finalChunkWaitMs = 10_000;
const stalled = 'the reader is too slow';

/** Measures how long a reader may leave the chunk that it was just given, in milliseconds. */
const createPatience = ({ monotonicMs, stalledAfterMs = stalledAfterMsDefault, charactersPerSecondMin }: PulledStreamParts) => {
  let [delayedMs, taken, givenAtMs] = [0, 0, monotonicMs()];
  return {
    given(characters: number): number {
      givenAtMs = monotonicMs();
      taken += characters;
      if (charactersPerSecondMin === undefined) return stalledAfterMs;
      return Math.max(0, stalledAfterMs + (taken / charactersPerSecondMin) * 1_000 - delayedMs);
    },
    taken(): void {
      delayedMs += monotonicMs() - givenAtMs;
    },
  };
};

/** A stream with backpressure: it holds one chunk at a time and makes the next when the reader takes it. */
export const createPulledStream = (parts: PulledStreamParts): PulledStream => {
  const { next, finalChunk, onEnd } = parts;
  const patience = createPatience(parts);
  let controller: ReadableStreamDefaultController<string> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let lastChunk: string | null = null;
  let isPulling = false;
  let isEnded = false;

  const end = (): void => {
    clearTimeout(timer);
    if (!isEnded) onEnd();
    isEnded = true;
  };
  const breakOff = (why: string): void => {
    if (isEnded) return;
    end();
    controller?.error(new Error(why));
  };
  const closeStalled = (): void => {
    lastChunk = finalChunk();
    if (lastChunk === null) return breakOff(stalled);
    timer = setTimeout(() => breakOff(stalled), finalChunkWaitMs);
  };
  const waitForReader = (characters: number): void => {
    timer = setTimeout(closeStalled, patience.given(characters));
  };
  const close = (to: ReadableStreamDefaultController<string>, chunk: string | null): void => {
    if (isEnded) return;
    end();
    if (chunk !== null) to.enqueue(chunk);
    to.close();
  };
  const pull = async (to: ReadableStreamDefaultController<string>): Promise<void> => {
    clearTimeout(timer);
    patience.taken();
    if (lastChunk !== null) return close(to, lastChunk);
    isPulling = true;
    const chunk = await next().finally(() => void (isPulling = false));
    if (isEnded) return;
    if (chunk === null) return close(to, null);
    waitForReader(chunk.length);
    to.enqueue(chunk);
  };
  const source = {
    start: (to: ReadableStreamDefaultController<string>) => {
      controller = to;
      waitForReader(0);
    },
    pull: (to: ReadableStreamDefaultController<string>) =>
      pull(to).catch((error: unknown) => {
        end();
        throw error;
      }),
    cancel: end,
  };
  const stream = new ReadableStream<string>(source, { highWaterMark: 0 });
  return { stream, abort: (why = 'the service is closing') => (isPulling ? undefined : breakOff(why)) };
};
