import { LaneFailure } from './lane-failure.ts';
import type { AnswerItem, LaneAnswer, RefusalReason } from './protocol.ts';

/** A call under way. */
export interface PendingAnswer {
  /** Rejects with LaneFailure. */
  readonly answer: Promise<LaneAnswer>;
  /** Gives the call up: its answer never settles, and the service is told that nobody waits for it. */
  abandon(): void;
}

/** The calls under way on one connection. */
export interface PendingCalls {
  size(): number;
  /** Adds a call; `send` is called with its id. */
  add(send: (id: number) => void): PendingAnswer;
  /** Settles calls by their answers. An answer to a call that was given up is passed over. */
  settle(answers: readonly AnswerItem[]): void;
  /** Notes that something came: the connection is alive. */
  onReceived(): void;
  failAll(failure: LaneFailure): void;
}

export interface PendingCallsParts {
  /** The time after which a call fails as `late`. */
  readonly timeoutMs: number;
  /** Called with the id of a call that was given up or is late. */
  readonly onAbandoned: (id: number) => void;
  /** Called when a call is late and nothing at all has come since it was sent: the peer may be gone without a word. */
  readonly onSilent: () => void;
  /** Called after each change that leaves fewer calls. */
  readonly onSettled: () => void;
}

interface Waiting {
  readonly resolve: (answer: LaneAnswer) => void;
  readonly reject: (failure: LaneFailure) => void;
  readonly sentAtMs: number;
}

const refusals: Readonly<Record<RefusalReason, string>> = {
  full: 'The service has as many calls in hand as it takes.',
  unknown: 'The service does not offer this operation on the lane.',
  long: 'The answer of the service is too long for the lane.',
  failed: 'The service failed outside of the operation.',
};

/** Keeps the calls of one connection in the order of sending, so that the first is always the one that is late next: one timer is enough. */
export const createPendingCalls = (parts: PendingCallsParts): PendingCalls => {
  const { onAbandoned, onSettled } = parts;
  const waiting = new Map<number, Waiting>();
  const lateness = watchLateness(waiting, parts);
  let lastId = 0;
  return {
    size: () => waiting.size,
    add(send) {
      lastId += 1;
      const id = lastId;
      const { promise, resolve, reject } = Promise.withResolvers<LaneAnswer>();
      waiting.set(id, { resolve, reject, sentAtMs: performance.now() });
      lateness.watch();
      send(id);
      const abandon = (): void => {
        if (!waiting.delete(id)) return;
        onAbandoned(id);
        onSettled();
      };
      return { answer: promise, abandon };
    },
    settle(answers) {
      for (const [id, answer] of answers) {
        const call = waiting.get(id);
        if (call === undefined || !waiting.delete(id)) continue;
        if (typeof answer === 'string') call.reject(new LaneFailure(answer, refusals[answer]));
        else call.resolve(answer);
      }
      onSettled();
    },
    onReceived: lateness.onReceived,
    failAll(failure) {
      lateness.stop();
      const calls = [...waiting.values()];
      waiting.clear();
      for (const { reject } of calls) reject(failure);
    },
  };
};

/** Fails calls that are late. What has arrived while the event loop was busy is read first: a busy process is no silent service. */
const watchLateness = (waiting: Map<number, Waiting>, { timeoutMs, onAbandoned, onSilent, onSettled }: PendingCallsParts) => {
  let timer: NodeJS.Timeout | undefined;
  let receivedAtMs = 0;
  const failLate = (): void => {
    const nowMs = performance.now();
    let isSilent = false;
    for (const [id, { sentAtMs, reject }] of waiting) {
      if (nowMs - sentAtMs < timeoutMs) break;
      waiting.delete(id);
      isSilent ||= receivedAtMs < sentAtMs;
      reject(new LaneFailure('late', `The service gave no answer within ${timeoutMs} ms.`));
      onAbandoned(id);
    }
    timer = undefined;
    watch();
    if (isSilent) onSilent();
    else onSettled();
  };
  const watch = (): void => {
    const [first] = waiting.values();
    if (timer !== undefined || first === undefined) return;
    const leftMs = Math.max(1, first.sentAtMs + timeoutMs - performance.now());
    timer = setTimeout(() => setImmediate(() => setImmediate(failLate)), leftMs);
  };
  return {
    watch,
    onReceived: () => void (receivedAtMs = performance.now()),
    stop: () => {
      clearTimeout(timer);
      timer = undefined;
    },
  };
};
