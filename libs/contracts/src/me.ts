import { Type, type Static } from 'typebox';
import { closed, Email, field, named, Timestamp, UserId } from './fields.ts';

const WaysIn = closed(
  {
    hasPassword: Type.Boolean({
      description: 'Whether the account has a password. Without one, a recent sign-in takes its place.',
    }),
    passkeys: Type.Integer({ minimum: 0, description: 'The number of passkeys.', examples: [1] }),
    connections: Type.Integer({
      minimum: 0,
      description: 'The number of accounts at identity providers that sign in to it.',
      examples: [0],
    }),
    hasAuthenticator: Type.Boolean({ description: 'Whether an authenticator is its second factor.' }),
  },
  'How the account signs in, beside mails.',
);

export const Me = named('Me', 'The account that is signed in.', {
  id: UserId,
  email: Email,
  isEmailVerified: Type.Boolean({ description: 'Whether the address was confirmed by a one-time code.' }),
  displayName: field(Type.String(), 'The name that others see.', 'Ada Lovelace'),
  roles: Type.Array(Type.String({ examples: ['member'] }), { description: 'The global roles of the user.' }),
  permissions: Type.Array(Type.String({ examples: ['community:create'] }), {
    description: 'The global permissions that the roles hold.',
  }),
  createdAt: field(Timestamp, 'When the account was opened.'),
  waysIn: WaysIn,
  signedInAt: field(
    Timestamp,
    'When this session began: an account without a password changes its ways in within ten minutes of that.',
  ),
});
export type Me = Static<typeof Me>;
