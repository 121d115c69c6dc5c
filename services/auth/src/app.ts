import { addDataRoutes } from '@guildhall/data-browser/routes';
import { addDatabaseRoutes, type DatabaseLink, type ReadQueues } from '@guildhall/database-link';
import { createServiceServer, type RoutePartsOf } from '@guildhall/http';
import type { FastifyInstance } from 'fastify';
import { addAccountRoutes } from './routes/account.ts';
import { addCodeRoutes } from './routes/codes.ts';
import { addEmailChangeRoutes } from './routes/email-change.ts';
import { addInternalRoutes } from './routes/internal.ts';
import { addProviderRoutes } from './routes/oauth.ts';
import { addPasswordRoutes } from './routes/passwords.ts';
import { addPasskeyRoutes } from './routes/passkeys.ts';
import { addPermissionRoutes } from './routes/permissions.ts';
import { addPersonalTokenRoutes } from './routes/personal-tokens.ts';
import { addRegistrationRoutes } from './routes/registration.ts';
import { addRoleRoutes } from './routes/roles.ts';
import { addSecondFactorRoutes, addSecondStepRoutes } from './routes/second-factor.ts';
import { addServiceAccountRoutes } from './routes/service-accounts.ts';
import { addSessionRoutes } from './routes/sessions.ts';
import { addSignInRoutes } from './routes/sign-in.ts';
import { addUserRoutes } from './routes/users.ts';

const nouns = [
  addRegistrationRoutes,
  addCodeRoutes,
  addProviderRoutes,
  addPasskeyRoutes,
  addSecondStepRoutes,
  addSecondFactorRoutes,
  addSignInRoutes,
  addAccountRoutes,
  addPasswordRoutes,
  addEmailChangeRoutes,
  addSessionRoutes,
  addPersonalTokenRoutes,
  addRoleRoutes,
  addPermissionRoutes,
  addUserRoutes,
  addServiceAccountRoutes,
  addInternalRoutes,
  addDataRoutes,
];

export type AppParts = Parameters<typeof createServiceServer>[0] &
  RoutePartsOf<typeof nouns> & { readonly databaseLink: DatabaseLink; readonly readQueues: ReadQueues };

/** The HTTP surface of auth. */
export const createApp = (parts: AppParts): FastifyInstance => {
  const app = createServiceServer(parts);
  for (const add of nouns) add(app, parts);
  addDatabaseRoutes(app, parts.databaseLink, parts.readQueues);
  return app;
};
