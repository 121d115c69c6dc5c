import { EventSourceParserStream } from 'eventsource-parser/stream';
import { useEffect, useState } from 'react';
import { send } from '../../api/call.ts';
import type { Filters, TrailEvent } from './events.ts';

const againMs = 2_000;
const shownMax = 500;

interface Tail {
  lastEventId: string | null;
}

/** Reads one connection of the stream to its end. */
const readOnce = async (
  filters: Filters,
  tail: Tail,
  signal: AbortSignal,
  onEvent: (event: TrailEvent) => void,
): Promise<void> => {
  const answer = await send('streamAuditEvents', { query: filters, signal, lastEventId: tail.lastEventId });
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
const follow = async (filters: Filters, signal: AbortSignal, onEvent: (event: TrailEvent) => void): Promise<void> => {
  const tail: Tail = { lastEventId: null };
  while (!signal.aborted) {
    await readOnce(filters, tail, signal, onEvent).catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, againMs));
  }
};

/** The events that happened since the tail was switched on, newest first. */
export const useLiveTail = (isOn: boolean, filters: Filters): readonly TrailEvent[] => {
  const [events, setEvents] = useState<readonly TrailEvent[]>([]);
  const key = JSON.stringify(filters);
  useEffect(() => {
    if (!isOn) return;
    const over = new AbortController();
    void follow(JSON.parse(key) as Filters, over.signal, (event) => setEvents((before) => [event, ...before].slice(0, shownMax)));
    return () => over.abort();
  }, [isOn, key]);
  useEffect(() => setEvents([]), [key]);
  return events;
};
