import { roleRoutes, type Role } from '@guildhall/contracts';
import { contextOf, serve, versioned } from '@guildhall/http';
import { decodeCursor, encodeCursor, pageRequest, toPage, type ContextParts } from '@guildhall/resources';
import type { FastifyInstance } from 'fastify';
import { createRole, deleteRole, findRole, isSystemRole, tryRoleUpdate, updateRole } from '../core/own-roles.ts';
import type { RoleRow } from '../core/role-store.ts';
import { assignRole, listRoles, removeRole, tryRoleChange } from '../core/roles.ts';
import type { Database } from '../core/stores.ts';

export interface RoleRouteParts extends ContextParts {
  readonly database: Database;
}

const toRole = ({ name, permissions, version }: RoleRow): Role => ({
  name,
  permissions: [...permissions],
  isSystem: isSystemRole(name),
  version,
});

const readNameCursor = (cursor: string): string => decodeCursor(cursor, 1)[0] ?? '';

export const addRoleRoutes = (app: FastifyInstance, parts: RoleRouteParts): void => {
  const { database } = parts;
  serve(app, roleRoutes.listRoles, 'principal', async (call) => {
    const rows = await listRoles(database, contextOf(parts, call), pageRequest(call.query, readNameCursor));
    const { items, nextCursor } = toPage(rows, call.query, ({ name }) => encodeCursor([name]));
    return { body: { items: items.map(toRole), nextCursor } };
  });
  serve(app, roleRoutes.createRole, 'principal', async (call) => {
    const role = await createRole(database, contextOf(parts, call), call.body);
    return { ...versioned(toRole(role)), createdId: role.name };
  });
  serve(app, roleRoutes.getRole, 'principal', async (call) =>
    versioned(toRole(await findRole(database, contextOf(parts, call), call.params.role))),
  );
  serve(app, roleRoutes.updateRole, 'principal', async (call) => {
    const { permissions } = call.body;
    const target = { name: call.params.role, permissions, ifMatch: call.ifMatch };
    if (call.query.dryRun === true)
      return { body: await tryRoleUpdate(database, contextOf(parts, call), target, call.query), version: null };
    return versioned(toRole(await updateRole(database, contextOf(parts, call), target)));
  });
  serve(app, roleRoutes.deleteRole, 'principal', async (call) => {
    await deleteRole(database, contextOf(parts, call), { name: call.params.role, ifMatch: call.ifMatch });
    return {};
  });
  serve(app, roleRoutes.assignRole, 'principal', async (call) => {
    const [context, asked] = [contextOf(parts, call), { ...call.query, ...call.params }];
    if (call.query.dryRun === true) return { body: await tryRoleChange(database, context, 'assign', asked) };
    await assignRole(database, context, call.params);
    return { status: 204 };
  });
  serve(app, roleRoutes.removeRole, 'principal', async (call) => {
    const [context, asked] = [contextOf(parts, call), { ...call.query, ...call.params }];
    if (call.query.dryRun === true) return { body: await tryRoleChange(database, context, 'remove', asked) };
    await removeRole(database, context, call.params);
    return { status: 204 };
  });
};
