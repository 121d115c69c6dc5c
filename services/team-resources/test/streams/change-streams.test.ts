import { catchLog, waitFor } from '@guildhall/testkit';
import { createLog } from '@guildhall/http';
import { expect, onTestFinished, test } from 'vitest';
import type { HeardChange } from '../../src/core/changes.ts';
import { createChangeStreams } from '../../src/streams/change-streams.ts';

const changes = (count: number, from = 0): readonly HeardChange[] =>
  Array.from({ length: count }, (_, at) => ({
    eventId: `event-${from + at}`,
    communityId: '4f9d4a8e-4f5e-4b3a-9d75-0d0d4a2f3c11',
    type: 'script',
    id: `script-${from + at}`,
    occurredAt: new Date().toISOString(),
    listenerId: 'ada',
  }));

/** Streams over a list of changes, to which a test adds. */
const startStreams = (heard: HeardChange[]) => {
  const { stream: output } = catchLog('changes');
  const streams = createChangeStreams({
    changes: { since: async () => [...heard] },
    now: () => new Date(),
    isReady: () => true,
    log: createLog({ service: 'changes', level: 'info' }, output),
    limits: { pollEveryMs: 5 },
  });
  onTestFinished(streams.close);
  return streams;
};

/** Reads a stream as a client does. Returns the names of its events, the newest last. */
const readEvents = (stream: ReadableStream<string>): readonly string[] => {
  const events: string[] = [];
  const read = async (): Promise<void> => {
    for await (const text of stream) events.push(...[...text.matchAll(/^event: (\w+)$/gm)].map(([, name = '']) => name));
  };
  void read();
  return events;
};

const few = 10;
// Each takes more than a hundred characters of the 64 Ki that a stream holds for a client.
const many = 1_000;

test('who begins to listen in a community in which much has just changed is told to read anew, and hears of what comes', async () => {
  const heard = [...changes(many)];
  const events = readEvents(await startStreams(heard).follow('ada', undefined));
  await waitFor(() => events.length > 0, { what: 'the first event' });
  expect(events).toEqual(['reset']);
  heard.push(...changes(few, many));
  await waitFor(() => events.length > 1, { what: 'the changes of then' });
  expect(events).toEqual(['reset', ...Array<string>(few).fill('changed')]);
});

test('who listens while much changes at once is told to read anew, and hears of what comes', async () => {
  const heard: HeardChange[] = [];
  const events = readEvents(await startStreams(heard).follow('ada', undefined));
  heard.push(...changes(many));
  await waitFor(() => events.length > 0, { what: 'the first event' });
  heard.push(...changes(few, many));
  await waitFor(() => events.length > 1, { what: 'the changes of then' });
  expect(events).toEqual(['reset', ...Array<string>(few).fill('changed')]);
});

test('a client that reads nothing loses its stream', async () => {
  const heard: HeardChange[] = [];
  const stream = await startStreams(heard).follow('ada', undefined);
  const reader = stream.getReader();
  const adding = setInterval(() => heard.push(...changes(few, heard.length)), 5);
  onTestFinished(() => clearInterval(adding));
  // Nothing is read until the stream has failed.
  await expect(reader.closed).rejects.toThrow('does not read');
});
