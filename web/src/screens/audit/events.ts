import type { AlteredEvent, AuditEvent } from '@guildhall/contracts';

/** A row of the trail: an event, or what stands where one was altered. */
export type TrailEvent = AuditEvent | AlteredEvent;

export const isAltered = (event: TrailEvent): event is AlteredEvent => 'altered' in event;

/** The filters of a search, as they stand in the address. */
const filterNames = ['text', 'action', 'actor', 'result', 'resourceType', 'resourceId', 'requestId', 'from', 'to'] as const;
export type Filters = Partial<Record<(typeof filterNames)[number], string>>;

export const filtersIn = (search: string): Filters => {
  const query = new URLSearchParams(search);
  return Object.fromEntries(
    filterNames.flatMap((name) => ((query.get(name) ?? '') === '' ? [] : [[name, query.get(name) ?? '']])),
  );
};

/** The page of a trail with these filters. */
export const addressOf = (filters: Filters, address = '/app/audit'): string => {
  const text = new URLSearchParams(filters).toString();
  return text === '' ? address : `${address}?${text}`;
};
