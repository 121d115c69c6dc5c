import { repeat } from '@guildhall/repeat';
import type { Logger } from '@guildhall/http';
import type { AdmittedRequest } from '../../core/admission/admit.ts';

/** An open stream of server-sent events to a client. */
export interface EventStream extends Pick<AdmittedRequest, 'isStillAdmitted'> {
  /** Ends the stream at once. */
  readonly end: () => void;
}

/**
 * The registry of open event streams. Every second each one is admitted again: a session that has ended or a role that was
 * removed ends the stream, and a client that reconnects gets the refusal.
 */
export interface EventStreams {
  /** Registers a stream. Returns a function that unregisters it. */
  add(stream: EventStream): () => void;
  /** Admits every registered stream again at once: a session has ended. */
  recheck(): void;
  /** Ends every registered stream. */
  endAll(): void;
  close(): Promise<void>;
}

const recheckEveryMsDefault = 1_000;

export const createEventStreams = (log: Logger, recheckEveryMs = recheckEveryMsDefault): EventStreams => {
  const streams = new Set<EventStream>();
  const recheck = async (stream: EventStream): Promise<void> => {
    if (!(await stream.isStillAdmitted())) stream.end();
  };
  const rechecker = repeat({
    everyMs: recheckEveryMs,
    task: async () => void (await Promise.all([...streams].map(recheck))),
    onError: (error) => log.error({ err: error }, 'the admission of open event streams cannot be checked'),
  });
  return {
    add(stream) {
      streams.add(stream);
      return () => void streams.delete(stream);
    },
    recheck: () => rechecker.wake(),
    endAll: () => {
      for (const { end } of streams) end();
    },
    close: () => rechecker.stop(),
  };
};
