import { userRoutes, type User } from '@guildhall/contracts';
import { contextOf, serve } from '@guildhall/http';
import {
  cursorOf,
  decodeCursor,
  encodeCursor,
  pageRequest,
  readPosition,
  timeInCursor,
  toPage,
  type ContextParts,
  type RequestContext,
  type SignedInCaller,
  type SortedQuery,
  type SortedRequest,
} from '@guildhall/resources';
import type { FastifyInstance } from 'fastify';
import type { Database } from '../core/stores.ts';
import { changeStatus, endUserSessions, eraseUser, findUser, listUsers, listUserSessions } from '../core/users.ts';

export interface UserRouteParts extends ContextParts {
  readonly database: Database;
  readonly rules: {
    resetSecondFactor(context: RequestContext<SignedInCaller>, userId: string): Promise<void>;
  };
}

const readNewest = (cursor: string) => {
  const [createdAt = '', id = ''] = decodeCursor(cursor, 2);
  return { createdAt: timeInCursor(createdAt), id };
};

const readName = (cursor: string) => {
  const [name = '', id = ''] = decodeCursor(cursor, 2);
  return { name, id };
};

/** The page of a list of users, whose ids are texts: an outside identity provider may have given them. */
const userPageOf = (query: SortedQuery): SortedRequest =>
  query.sort === 'name'
    ? { sort: 'name', ...pageRequest(query, readName) }
    : { sort: 'newest', ...pageRequest(query, readNewest) };

const cursorOfUser = ({ sort }: SortedQuery) =>
  sort === 'name' ? ({ displayName, id }: User) => encodeCursor([displayName, id]) : cursorOf;

export const addUserRoutes = (app: FastifyInstance, parts: UserRouteParts): void => {
  const { database } = parts;
  serve(app, userRoutes.listUsers, 'principal', async (call) => {
    const { q, role, status, ...query } = call.query;
    const rows = await listUsers(database, contextOf(parts, call), { page: userPageOf(query), q, role, status });
    return { body: toPage(rows, query, cursorOfUser(query)) };
  });
  serve(app, userRoutes.getUser, 'principal', async (call) => {
    const user = await findUser(database, contextOf(parts, call), call.params.userId);
    return { body: user, version: user.version };
  });
  serve(app, userRoutes.updateUser, 'principal', async (call) => {
    const change = { userId: call.params.userId, status: call.body.status, ifMatch: call.ifMatch };
    const user = await changeStatus(database, contextOf(parts, call), change);
    return { body: user, version: user.version };
  });
  serve(app, userRoutes.eraseUser, 'principal', async (call) => {
    await eraseUser(database, contextOf(parts, call), call.params.userId);
    return {};
  });
  serve(app, userRoutes.listUserSessions, 'principal', async (call) => {
    const page = pageRequest(call.query, readPosition);
    const rows = await listUserSessions(database, contextOf(parts, call), { userId: call.params.userId, page });
    return { body: toPage(rows, call.query, cursorOf) };
  });
  serve(app, userRoutes.endUserSessions, 'principal', async (call) => {
    await endUserSessions(database, contextOf(parts, call), call.params.userId);
    return {};
  });
  serve(app, userRoutes.resetSecondFactor, 'principal', async (call) => {
    await parts.rules.resetSecondFactor(contextOf(parts, call), call.params.userId);
    return {};
  });
};
