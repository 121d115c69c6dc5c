import { authRoutes, pageLimitDefault } from '@guildhall/contracts';
import { serve } from '@guildhall/http';
import { decodeCursor, encodeCursor } from '@guildhall/resources';
import type { FastifyInstance } from 'fastify';
import type { Caller } from '../core/origin.ts';
import type { RoleRow } from '../core/roles.ts';
import { callerOf } from './origin.ts';

export interface RoleRules {
  listRoles(
    permissions: readonly string[],
    page: { readonly limit: number; readonly afterName: string | null },
  ): Promise<{ items: readonly RoleRow[]; hasMore: boolean }>;
  assignRole(caller: Caller, userId: string, role: string): Promise<void>;
  removeRole(caller: Caller, userId: string, role: string): Promise<void>;
}

export const roleRoutes = (app: FastifyInstance, rules: RoleRules): void => {
  serve(app, authRoutes.listRoles, 'principal', async ({ caller, query }) => {
    const { limit = pageLimitDefault, cursor } = query;
    const afterName = cursor === undefined ? null : (decodeCursor(cursor, 1)[0] ?? null);
    const { items, hasMore } = await rules.listRoles(caller.permissions, { limit, afterName });
    const last = items.at(-1);
    return { body: { items, nextCursor: hasMore && last !== undefined ? encodeCursor([last.name]) : null } };
  });
  serve(app, authRoutes.assignRole, 'principal', async (call) => {
    await rules.assignRole(callerOf(call), call.params.userId, call.params.role);
    return {};
  });
  serve(app, authRoutes.removeRole, 'principal', async (call) => {
    await rules.removeRole(callerOf(call), call.params.userId, call.params.role);
    return {};
  });
};
