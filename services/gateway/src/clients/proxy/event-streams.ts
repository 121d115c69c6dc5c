import { repeat } from '@guildhall/repeat';
import type { Logger } from '@guildhall/http';
import type { Visitor } from '../../core/admission/admit.ts';

/** A stream of events on its way to a client. */
export interface EndlessStream extends Pick<Visitor, 'isStillAdmitted'> {
  /** Ends it at once. */
  readonly end: () => void;
}

/**
 * Answers that have no end of their own. Who listens is looked at again and again: a session that has ended, or a role that
 * was taken away, ends the stream too, and whoever connects again is told why not.
 */
export interface EndlessStreams {
  /** Answers how to say that it is over. */
  add(stream: EndlessStream): () => void;
  /** Ends all there are. */
  endAll(): void;
  close(): Promise<void>;
}

const lookEveryMsDefault = 2_000;

export const createEndlessStreams = (log: Logger, lookEveryMs = lookEveryMsDefault): EndlessStreams => {
  const streams = new Set<EndlessStream>();
  const look = async (stream: EndlessStream): Promise<void> => {
    if (!(await stream.isStillAdmitted())) stream.end();
  };
  const looking = repeat({
    everyMs: lookEveryMs,
    task: async () => void (await Promise.all([...streams].map(look))),
    onError: (error) => log.error({ err: error }, 'who listens to streams cannot be looked at'),
  });
  return {
    add(stream) {
      streams.add(stream);
      return () => void streams.delete(stream);
    },
    endAll: () => {
      for (const { end } of streams) end();
    },
    close: () => looking.stop(),
  };
};
