import type { AuditFilters } from './audit-events.ts';
import type { LoggedEvent } from '../log/leaf.ts';

/** Events that one page looks at, at most, for what no index tells. */
export const lookedAtMax = 20_000;

const anyBelow = /\.\*$/;

/** The prefix of a filter that ends in `.*`, its last dot included; null for one action. */
export const actionPrefixOf = (action: string): string | null => (anyBelow.test(action) ? action.slice(0, -1) : null);

/** True if no index serves the filter, so that each event has to be examined. */
export const needsLooking = ({ action, changedPath, text }: AuditFilters): boolean =>
  changedPath !== undefined || text !== undefined || (action !== undefined && actionPrefixOf(action) !== null);

type Check = (event: LoggedEvent) => boolean;

const actionCheck = (action: string): Check => {
  const prefix = actionPrefixOf(action);
  return prefix === null ? (event) => event.action === action : (event) => event.action.startsWith(prefix);
};

const textCheck = (text: string): Check => {
  const sought = text.toLowerCase();
  return ({ action, resource: { type, id, name = '' } }) =>
    [action, type, id, name].some((held) => held.toLowerCase().includes(sought));
};

const given = <T>(value: T | undefined, checkOf: (value: T) => Check): readonly Check[] =>
  value === undefined ? [] : [checkOf(value)];

/** The filters as the store understands them, for events that are at hand. */
export const fitsFilters = (filters: AuditFilters): Check => {
  const checks = [
    ...given(filters.actor, (actor) => (event) => event.actor.id === actor),
    ...given(filters.action, actionCheck),
    ...given(filters.resourceType, (type) => (event) => event.resource.type === type),
    ...given(filters.resourceId, (id) => (event) => event.resource.id === id),
    ...given(filters.community, (community) => (event) => event.communityId === community),
    ...given(filters.result, (result) => (event) => event.result === result),
    ...given(filters.requestId, (requestId) => (event) => event.requestId === requestId),
    ...given(filters.from, (from) => (event) => event.occurredAt >= from),
    ...given(filters.to, (to) => (event) => event.occurredAt < to),
    ...given(filters.changedPath, (sought) => (event) => event.changes?.some(({ path }) => path === sought) ?? false),
    ...given(filters.text, textCheck),
  ];
  return (event) => checks.every((check) => check(event));
};
