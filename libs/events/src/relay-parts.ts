import type { EventKind } from '@guildhall/contracts';
import type { Logger } from 'pino';
import type { Publisher } from './publisher.ts';

/** An event in the outbox. */
export interface WaitingMessage {
  readonly id: string;
  readonly kind: string;
  readonly occurredAt: string;
  readonly payload: unknown;
  /** The trace of the request that appended it; null or absent where it was not traced. */
  readonly traceparent?: string | null;
}

/** The methods of a service's outbox that the relay uses. */
export interface OutboxPort {
  /** Marks due events as published and returns them: no other relay gets them. */
  claim(options: {
    readonly ownerId: string;
    /** The largest number of events of each shard. */
    readonly shardMax: number;
    /** Default: every kind. */
    readonly kinds?: readonly string[];
  }): Promise<readonly WaitingMessage[]>;
  /** Takes the mark away from events that could not be published; they are due again after the delay. */
  release(ids: readonly string[], delaySeconds: number): Promise<void>;
  publishedBefore(kind: string, ageSeconds: number, limit: number): Promise<readonly WaitingMessage[]>;
  republish(ids: readonly string[]): Promise<void>;
  remove(ids: readonly string[]): Promise<void>;
  /** Calls `listener` whenever this process is about to append events. Returns a function that ends that. */
  onAppending(listener: () => void): () => void;
}

/** A published event, by its digest: the destination may have stored another one under the same id. */
export interface PublishedEvent {
  readonly id: string;
  readonly digest: string;
}

/** The ids of events that a destination has not confirmed. */
export interface Unconfirmed {
  readonly missing: readonly string[];
  /** The ids under which it holds another event. */
  readonly altered: readonly string[];
}

export interface RelayParts {
  readonly outbox: OutboxPort;
  readonly publisher: Pick<Publisher, 'publish' | 'oldestWaitingSeconds' | 'depth'>;
  /** The kinds of events that this service appends to its outbox. */
  readonly kinds: readonly EventKind[];
  /** Names this process in the events that it publishes. */
  readonly ownerId: string;
  /** Asks the service that takes a kind which of these events it has, exactly as they are. */
  readonly confirm: (kind: EventKind, events: readonly PublishedEvent[]) => Promise<Unconfirmed>;
  /** The relay pauses while this is false, because the outbox cannot be read. */
  readonly isReady: () => boolean;
  readonly log: Logger;
  /** The time after publishing an event before its destination is asked to confirm it. Default: 10 s. */
  readonly confirmAfterSeconds?: number;
  /** The interval at which published events are confirmed while there are any. Default: 5,000 ms. */
  readonly sweepEveryMs?: number;
  /** The number of jobs of a kind that may wait in the queue, each of at most a hundred events. Default: 2,000. */
  readonly waitingJobsMax?: number;
}
