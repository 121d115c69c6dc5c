export interface PulledStreamParts {
  /** The next piece, asked for when the one before was taken; null at the end. When it rejects, the stream breaks off. */
  next(): Promise<string | null>;
  /** Says good-bye to a reader who takes nothing any more; null: the stream breaks off without a word. */
  farewell(): string | null;
  /** Told once, however it ended. */
  onEnd(): void;
  /** How long a reader may leave a piece before it is taken for stalled. Default: 10,000 ms. */
  readonly stalledAfterMs?: number;
}

export interface PulledStream {
  readonly stream: ReadableStream<string>;
  /** Breaks the stream off at once, unless `next` is being waited for: that is for `next` to end. `why` is for the log. */
  end(why?: string): void;
}

const stalledAfterMsDefault = 10_000;
/** How long a stalled reader may still come back for the good-bye. */
const partingMs = 10_000;

/** A stream that holds one piece at a time and makes the next when the reader takes it. */
export const createPulledStream = (parts: PulledStreamParts): PulledStream => {
  const { next, farewell, onEnd, stalledAfterMs = stalledAfterMsDefault } = parts;
  let controller: ReadableStreamDefaultController<string> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let lastWords: string | null = null;
  let isPulling = false;
  let isOver = false;

  const beOver = (): void => {
    clearTimeout(timer);
    if (!isOver) onEnd();
    isOver = true;
  };
  const breakOff = (why: string): void => {
    if (isOver) return;
    beOver();
    controller?.error(new Error(why));
  };
  const partFromStalled = (): void => {
    lastWords = farewell();
    if (lastWords === null) return breakOff('the reader takes nothing');
    timer = setTimeout(() => breakOff('the reader takes nothing'), partingMs);
  };
  const close = (to: ReadableStreamDefaultController<string>, words: string | null): void => {
    if (isOver) return;
    beOver();
    if (words !== null) to.enqueue(words);
    to.close();
  };
  const pull = async (to: ReadableStreamDefaultController<string>): Promise<void> => {
    clearTimeout(timer);
    if (lastWords !== null) return close(to, lastWords);
    isPulling = true;
    const piece = await next().finally(() => void (isPulling = false));
    if (isOver) return;
    if (piece === null) return close(to, null);
    timer = setTimeout(partFromStalled, stalledAfterMs);
    to.enqueue(piece);
  };
  const stream = new ReadableStream<string>(
    {
      start: (to) => {
        controller = to;
        timer = setTimeout(partFromStalled, stalledAfterMs);
      },
      pull: (to) =>
        pull(to).catch((error: unknown) => {
          beOver();
          throw error;
        }),
      cancel: beOver,
    },
    { highWaterMark: 0 },
  );
  return { stream, end: (why = 'the service is closing') => (isPulling ? undefined : breakOff(why)) };
};
