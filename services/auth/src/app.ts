import { addDatabaseRoutes, type Attachment } from '@guildhall/attachment';
import { createServiceServer } from '@guildhall/http';
import type { FastifyInstance } from 'fastify';
import { accountRoutes, type AccountRules } from './routes/account.ts';
import { addInternalRoutes, type InternalRules } from './routes/internal.ts';
import { roleRoutes, type RoleRules } from './routes/roles.ts';
import { sessionRoutes, type SessionRules } from './routes/sessions.ts';
import { signInRoutes, type SignInRules } from './routes/sign-in.ts';

export type AuthRules = SignInRules & AccountRules & SessionRules & RoleRules & InternalRules;

export type AppParts = Parameters<typeof createServiceServer>[0] & {
  readonly rules: AuthRules;
  readonly attachment: Attachment;
};

/** The HTTP surface of the service. */
export const createApp = ({ rules, attachment, ...server }: AppParts): FastifyInstance => {
  const app = createServiceServer(server);
  signInRoutes(app, rules);
  accountRoutes(app, rules);
  sessionRoutes(app, rules);
  roleRoutes(app, rules);
  addInternalRoutes(app, rules);
  addDatabaseRoutes(app, attachment);
  return app;
};
