import { permissionRoutes } from '@guildhall/contracts';
import { contextOf, serve } from '@guildhall/http';
import type { FastifyInstance } from 'fastify';
import { explainGlobalPermission, listPermissions, readPermissionMatrix } from '../core/permissions.ts';
import type { RoleRouteParts } from './roles.ts';

export const addPermissionRoutes = (app: FastifyInstance, parts: RoleRouteParts): void => {
  const { database } = parts;
  serve(app, permissionRoutes.listPermissions, 'principal', async (call) => ({
    body: listPermissions(contextOf(parts, call)),
  }));
  serve(app, permissionRoutes.getPermissionMatrix, 'principal', async (call) => ({
    body: await readPermissionMatrix(database, contextOf(parts, call)),
  }));
  serve(app, permissionRoutes.explainGlobalPermission, 'principal', async (call) => ({
    body: await explainGlobalPermission(database, contextOf(parts, call), call.query),
  }));
};
