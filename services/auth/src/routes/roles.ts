import { roleRoutes } from '@guildhall/contracts';
import { contextOf, serve } from '@guildhall/http';
import { decodeCursor, encodeCursor, pageRequest, toPage, type ContextParts } from '@guildhall/resources';
import type { FastifyInstance } from 'fastify';
import { assignRole, listRoles, removeRole } from '../core/roles.ts';
import type { Database } from '../core/stores.ts';

export interface RoleRouteParts extends ContextParts {
  readonly database: Database;
}

const readNameCursor = (cursor: string): string => decodeCursor(cursor, 1)[0] ?? '';

export const addRoleRoutes = (app: FastifyInstance, parts: RoleRouteParts): void => {
  const { database } = parts;
  serve(app, roleRoutes.listRoles, 'principal', async (call) => {
    const rows = await listRoles(database, contextOf(parts, call), pageRequest(call.query, readNameCursor));
    return { body: toPage(rows, call.query, ({ name }) => encodeCursor([name])) };
  });
  serve(app, roleRoutes.assignRole, 'principal', async (call) => {
    await assignRole(database, contextOf(parts, call), call.params);
    return {};
  });
  serve(app, roleRoutes.removeRole, 'principal', async (call) => {
    await removeRole(database, contextOf(parts, call), call.params);
    return {};
  });
};
