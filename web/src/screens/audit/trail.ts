import { createContext, use } from 'react';
import { call, send, type AnswerOf, type CallOf } from '../../api/call.ts';
import type { Filters } from './events.ts';

type Page = AnswerOf<'listAuditEvents'>;
type Counts = AnswerOf<'countAuditEvents'>;
type Listed = NonNullable<CallOf<'listAuditEvents'>['query']>;
type Range = CallOf<'countAuditEvents'>['query'];

/** A part of the audit trail that a person may read, and how it is read. */
export interface Trail {
  /** The page that lists it: filters are added to it. */
  readonly address: string;
  /** Null: it is of no one community. */
  readonly communityId: string | null;
  /** Whether it is the trail of the person, who may read no other. */
  readonly isOwn: boolean;
  list(query: Filters & { readonly limit: number; readonly cursor?: string }): Promise<Page>;
  count(query: Filters & Pick<Range, 'from' | 'to' | 'by'>): Promise<Counts>;
  export(query: object, signal: AbortSignal): Promise<Response>;
  follow(query: object, signal: AbortSignal, lastEventId: string | null): Promise<Response>;
}

export const wholeTrail: Trail = {
  address: '/app/audit',
  communityId: null,
  isOwn: false,
  list: (query) => call('listAuditEvents', { query: query as Listed }),
  count: (query) => call('countAuditEvents', { query: query as Range }),
  export: (query, signal) => send('exportAuditEvents', { query: { ...query }, signal }),
  follow: (query, signal, lastEventId) => send('streamAuditEvents', { query: { ...query }, signal, lastEventId }),
};

export const communityTrail = (communityId: string): Trail => {
  const params = { communityId };
  return {
    address: `/app/communities/${communityId}/audit`,
    communityId,
    isOwn: false,
    list: (query) => call('listCommunityAuditEvents', { params, query: query as Listed }),
    count: (query) => call('countCommunityAuditEvents', { params, query: query as CallOf<'countCommunityAuditEvents'>['query'] }),
    export: (query, signal) => send('exportCommunityAuditEvents', { params, query: { ...query }, signal }),
    follow: (query, signal, lastEventId) =>
      send('streamCommunityAuditEvents', { params, query: { ...query }, signal, lastEventId }),
  };
};

const Trails = createContext<Trail>(wholeTrail);

/** Has the parts of the explorer below it read a trail. */
export const TrailOf = Trails.Provider;

export const useTrail = (): Trail => use(Trails);
