import { randomUUID } from 'node:crypto';
import type { AuditEventMessage } from '@guildhall/contracts';
import type { Connection } from '@guildhall/db';
import type { Client } from 'pg';
import type { Stores } from '../../../src/store/stores.ts';
import { idOf } from '../many-rows.ts';

/** The parts that all calls of stores have in common whose statements are planned. */

/** The ids of a community and of what lies in it: the large one with a tenth of everything, or one of many small ones. */
export const placeOf = async (client: Client, size: 'large' | 'small') => {
  const number = size === 'large' ? '0' : '1';
  const of = (table: string): Promise<string> => idOf(client, table, number);
  return {
    communityId: await of('community'),
    forumId: await of('forum'),
    threadId: await of('thread'),
    postId: await idOf(client, 'post', `${number}-1`),
    pollId: await of('poll'),
    wealthId: await of('wealth'),
    requestId: await of('request'),
    disputeId: await of('dispute'),
    councilId: await of('council'),
    poolId: await of('pool'),
    needId: await of('need'),
    inviteId: await of('invite'),
    workspaceId: await of('workspace'),
    scriptId: await of('script'),
    folderId: await of('folder'),
  };
};
export type Place = Awaited<ReturnType<typeof placeOf>>;

/** Calls of stores by the sentence that names them. They may use the connection that the stores are on. */
export type Statements = Readonly<Record<string, (stores: Stores, place: Place, connection: Connection) => Promise<unknown>>>;

export const at = '2026-01-31T08:30:00.000Z';
export const userId = 'user-0';
/** The name of a member that is neither the caller nor without rows. */
export const memberId = 'user-20';
export const remembered = { key: 'key', requestHash: 'hash', body: {} };
export const row = { createdBy: userId, createdByName: '', version: 2, createdAt: at, updatedAt: at };
export const page = { limit: 26, after: null };
export const deepIn = (id: string) => ({ limit: 26, after: { time: at, id } });
/** The first page, and one behind many rows. */
export const pagesOf = (id: string) => [page, { limit: 26, after: { createdAt: at, id } }];

export const auditEvent = (): AuditEventMessage => ({
  id: randomUUID(),
  kind: 'audit',
  occurredAt: at,
  payload: {
    actor: { type: 'user', id: 'x' },
    action: 'x.y',
    resource: { type: 'x', id: 'x' },
    result: 'success',
    requestId: 'x',
    service: 'test',
  },
});
