import { EventSourceParserStream } from 'eventsource-parser/stream';
import { useEffect, useState } from 'react';
import type { Filters, TrailEvent } from './events.ts';
import { useTrail, type Trail } from './trail.ts';

const againMs = 2_000;
const shownMax = 500;

interface Followed {
  readonly trail: Trail;
  readonly filters: Filters;
  readonly signal: AbortSignal;
  readonly onEvent: (event: TrailEvent) => void;
}

interface Tail {
  lastEventId: string | null;
}

/** Reads one connection of the stream to its end. */
const readOnce = async ({ trail, filters, signal, onEvent }: Followed, tail: Tail): Promise<void> => {
  const answer = await trail.follow(filters, signal, tail.lastEventId);
  if (answer.body === null) return;
  const events = answer.body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
  const reader = events.getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    const { id, event, data } = next.value;
    tail.lastEventId = id ?? tail.lastEventId;
    if (event === 'audit' || event === 'altered') onEvent(JSON.parse(data) as TrailEvent);
  }
};

/** Follows the stream until it is told to stop; where a connection ends, the next one goes on behind the event that was seen last. */
const follow = async (followed: Followed): Promise<void> => {
  const tail: Tail = { lastEventId: null };
  while (!followed.signal.aborted) {
    await readOnce(followed, tail).catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, againMs));
  }
};

/** The events that happened since the tail was switched on, newest first. */
export const useLiveTail = (isOn: boolean, filters: Filters): readonly TrailEvent[] => {
  const [events, setEvents] = useState<readonly TrailEvent[]>([]);
  const trail = useTrail();
  const key = JSON.stringify(filters);
  useEffect(() => {
    if (!isOn) return;
    const over = new AbortController();
    const onEvent = (event: TrailEvent): void => setEvents((before) => [event, ...before].slice(0, shownMax));
    void follow({ trail, filters: JSON.parse(key) as Filters, signal: over.signal, onEvent });
    return () => over.abort();
  }, [isOn, key, trail]);
  useEffect(() => setEvents([]), [key]);
  return events;
};
