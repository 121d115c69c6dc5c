import { memberOf, textOf, type JsonNode } from '../json/nodes.ts';

/** An event with the date that is meant: that of a run, of the run before or behind it, any, none, or a day of the year as it is written. */
export interface DatedEvent {
  readonly event: string;
  /** `order`, `previous`, `next`, `any`, `none`, or another text, as `0131`. */
  readonly date: string;
}

/** The dates by their names in the Automation API, and by those of Control-M itself. */
const dates: Readonly<Record<string, string>> = {
  ORDERDATE: 'order',
  ODAT: 'order',
  PREVIOUSORDERDATE: 'previous',
  PREV: 'previous',
  NEXTORDERDATE: 'next',
  NEXT: 'next',
  ANYDATE: 'any',
  ANY: 'any',
  '****': 'any',
  $$$$: 'any',
  NODATE: 'none',
  STAT: 'none',
};

/** The date of an event: that of the run where none is written. One that is only known when the job runs may be any. */
export const dateOf = (node: JsonNode | undefined): string => {
  const text = textOf(memberOf(node, 'Date'));
  if (text === undefined || text === '') return 'order';
  return text.includes('%%') ? 'any' : (dates[text.toUpperCase()] ?? text);
};

/** A text by which two events with their dates are told apart. */
export const eventKey = ({ event, date }: DatedEvent): string => `${date}\n${event}`;

/** The days between a run and the date that it means. */
const days: Readonly<Record<string, number>> = { previous: -1, order: 0, next: 1 };

/**
 * The relation of an event that is added with one date to what waits for it with another: `same-run` where one run has to wait for the other,
 * `earlier-run` where what an earlier run added is waited for, `any-run` where both do, undefined where it never is the same event.
 */
export type EventMatch = 'same-run' | 'any-run' | 'earlier-run' | undefined;

export const matchOf = (added: string, waited: string): EventMatch => {
  if (added === 'any' || waited === 'any') return 'any-run';
  if (added === 'none' || waited === 'none') return added === waited ? 'any-run' : undefined;
  if (added === waited) return 'same-run';
  const [from, to] = [days[added], days[waited]];
  if (from === undefined && to === undefined) return undefined;
  // A day of the year is that of some run.
  return from === undefined || to === undefined || to < from ? 'earlier-run' : 'same-run';
};
