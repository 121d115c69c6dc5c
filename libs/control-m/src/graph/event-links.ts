import { eventKey, matchOf, type DatedEvent, type EventMatch } from '../model/event-dates.ts';
import type { Schedulable } from '../model/objects.ts';

/** The parts that use an event with one date; each part once. */
interface Users {
  readonly date: string;
  readonly parts: ReadonlySet<Schedulable>;
}

/** An event that is added and waited for: by whom, and what the one is for the other. */
export interface EventLink {
  readonly event: string;
  readonly match: Exclude<EventMatch, undefined>;
  readonly added: string;
  readonly waited: string;
  readonly adders: ReadonlySet<Schedulable>;
  readonly waiters: ReadonlySet<Schedulable>;
}

type Uses = (part: Schedulable) => readonly DatedEvent[];

/** The users of each event, date by date, in the order of the parts. */
const usersOf = (parts: readonly Schedulable[], usesOf: Uses): ReadonlyMap<string, readonly Users[]> => {
  const found = new Map<string, { readonly date: string; readonly parts: Set<Schedulable> }[]>();
  for (const part of parts) {
    for (const { event, date } of usesOf(part)) {
      const users = found.get(event) ?? [];
      if (users.length === 0) found.set(event, users);
      const known = users.find((each) => each.date === date);
      if (known === undefined) users.push({ date, parts: new Set([part]) });
      else known.parts.add(part);
    }
  }
  return found;
};

/** Every event that some parts add and some wait for, once for each pair of dates that match. */
export const eventLinksOf = (parts: readonly Schedulable[]): readonly EventLink[] => {
  const adders = usersOf(parts, ({ adds }) => adds);
  return [...usersOf(parts, ({ waitsFor }) => waitsFor)].flatMap(([event, waiting]) =>
    waiting.flatMap(({ date: waited, parts: waiters }) =>
      (adders.get(event) ?? []).flatMap(({ date: added, parts: adding }) => {
        const match = matchOf(added, waited);
        return match === undefined ? [] : [{ event, match, added, waited, adders: adding, waiters }];
      }),
    ),
  );
};

/** The keys of events that something adds, as they are waited for. */
export const addedKeys = (links: readonly EventLink[]): ReadonlySet<string> =>
  new Set(links.map(({ event, waited: date }) => eventKey({ event, date })));

/** The keys of events that something waits for and nobody adds: they come from elsewhere. */
export const foreignEvents = (parts: readonly Schedulable[], links: readonly EventLink[]): ReadonlySet<string> => {
  const added = addedKeys(links);
  return new Set(parts.flatMap(({ waitsFor }) => waitsFor.map(eventKey).filter((key) => !added.has(key))));
};
