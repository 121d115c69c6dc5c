import { authRoutes, type Me } from '@guildhall/contracts';
import { serve } from '@guildhall/http';
import type { FastifyInstance } from 'fastify';
import type { Caller } from '../core/origin.ts';
import type { Account } from '../core/users.ts';
import { callerOf } from './origin.ts';

export interface AccountRules {
  getMe(caller: Caller): Promise<Account>;
  renameMe(caller: Caller, displayName: string, version: number): Promise<Account>;
  logOut(caller: Caller): Promise<void>;
}

const toMe = ({ id, email, isEmailVerified, displayName, roles, permissions, createdAt }: Account): Me => ({
  id,
  email,
  isEmailVerified,
  displayName,
  roles: [...roles],
  permissions: [...permissions],
  createdAt,
});

export const accountRoutes = (app: FastifyInstance, rules: AccountRules): void => {
  serve(app, authRoutes.getMe, 'principal', async (call) => {
    const account = await rules.getMe(callerOf(call));
    return { body: toMe(account), version: account.version };
  });
  serve(app, authRoutes.updateMe, 'principal', async (call) => {
    const account = await rules.renameMe(callerOf(call), call.body.displayName, call.ifMatch);
    return { body: toMe(account), version: account.version };
  });
  serve(app, authRoutes.logOut, 'principal', async (call) => {
    await rules.logOut(callerOf(call));
    return {};
  });
};
