import { addDatabaseRoutes, type Attachment } from '@guildhall/attachment';
import { createServiceServer } from '@guildhall/http';
import type { FastifyInstance } from 'fastify';
import { addAccountRoutes, type AccountRouteParts } from './routes/account.ts';
import { addInternalRoutes, type InternalRouteParts } from './routes/internal.ts';
import { addRoleRoutes, type RoleRouteParts } from './routes/roles.ts';
import { addSessionRoutes, type SessionRouteParts } from './routes/sessions.ts';
import { addSignInRoutes, type SignInRouteParts } from './routes/sign-in.ts';

const nouns = [addSignInRoutes, addAccountRoutes, addSessionRoutes, addRoleRoutes, addInternalRoutes];

type NounParts = SignInRouteParts & AccountRouteParts & SessionRouteParts & RoleRouteParts & InternalRouteParts;

export type AppParts = Parameters<typeof createServiceServer>[0] & NounParts & { readonly attachment: Attachment };

/** The HTTP surface of auth. */
export const createApp = (parts: AppParts): FastifyInstance => {
  const app = createServiceServer(parts);
  for (const add of nouns) add(app, parts);
  addDatabaseRoutes(app, parts.attachment);
  return app;
};
