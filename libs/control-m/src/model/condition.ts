import { memberOf, textOf, type JsonNode } from '../json/nodes.ts';
import { dateOf, type DatedEvent } from './event-dates.ts';
import type { Condition } from './objects.ts';

/** One part or several of them, as one condition. */
const joined = (kind: 'all' | 'any', given: readonly Condition[]): Condition => {
  // An OR without a second side joins nothing: it must not make the whole hold.
  const parts = given.filter((part) => part.kind === 'event' || part.parts.length > 0);
  const [first] = parts;
  return parts.length === 1 && first !== undefined ? first : { kind, parts };
};

interface Reading {
  readonly items: readonly JsonNode[];
  at: number;
}

const wordAt = ({ items, at }: Reading): string | undefined => textOf(items[at])?.trim().toUpperCase();

/** Parts that AND, or nothing, joins. */
const readAll = (reading: Reading): Condition => {
  const parts: Condition[] = [];
  while (reading.at < reading.items.length) {
    const word = wordAt(reading);
    if (word === 'OR' || word === ')') break;
    const item = reading.items[reading.at];
    const event = textOf(memberOf(item, 'Event'));
    reading.at += 1;
    if (event !== undefined) parts.push({ kind: 'event', event, date: dateOf(item) });
    else if (word === '(') parts.push(readAny(reading));
  }
  return joined('all', parts);
};

/** Parts that OR joins, up to the closing bracket or the end. AND binds more strongly than OR. */
const readAny = (reading: Reading): Condition => {
  const parts = [readAll(reading)];
  while (wordAt(reading) === 'OR') {
    reading.at += 1;
    parts.push(readAll(reading));
  }
  if (wordAt(reading) === ')') reading.at += 1;
  return joined('any', parts);
};

/** The condition that a list of events makes: events, between them `AND`, `OR` and brackets. Nested no deeper than the list is long. */
export const readCondition = (items: readonly JsonNode[]): Condition => {
  const reading: Reading = { items: items.slice(0, eventsMax), at: 0 };
  const parts: Condition[] = [];
  while (reading.at < reading.items.length) parts.push(readAny(reading));
  return joined('all', parts);
};

/** The most parts of one list of events that are read: brackets cannot nest deeper. */
const eventsMax = 2_000;

/** True if a condition holds. */
export const holds = (condition: Condition, isThere: (event: DatedEvent) => boolean): boolean => {
  if (condition.kind === 'event') return isThere(condition);
  return condition.kind === 'all'
    ? condition.parts.every((part) => holds(part, isThere))
    : condition.parts.length === 0 || condition.parts.some((part) => holds(part, isThere));
};
