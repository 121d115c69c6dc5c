import { Type, type Static } from 'typebox';
import { field, named, nullable, UserId } from '../fields.ts';
import { dryRunFieldsFor } from './dry-run-fields.ts';

const names = (description: string) => Type.Array(Type.String({ examples: ['audit:read'] }), { description });
const Count = (description: string) => Type.Integer({ minimum: 0, description, examples: [3] });

const HolderImpact = named('HolderImpact', 'What a change of global roles does to the permissions of one account.', {
  userId: field(UserId, 'The account.'),
  displayName: Type.String({ description: 'The name that others see.', examples: ['Ada Lovelace'] }),
  gains: names('The permissions that it has after the change alone.'),
  losses: names('The permissions that it has before the change alone.'),
});

const PermissionCounts = named('PermissionCounts', 'How many accounts gain and lose a permission.', {
  permission: field(Type.String(), 'The permission.', 'audit:read'),
  gained: Count('The accounts that gain it.'),
  lost: Count('The accounts that lose it.'),
});

export const RoleImpact = named(
  'RoleImpact',
  'The impact of a change of global roles that was tried and not made: who gains and loses what, other roles of theirs taken into account.',
  {
    holderCount: Count('The accounts that gain or lose something, programs among them.'),
    permissions: Type.Array(PermissionCounts, { description: 'The permissions that any account gains or loses.' }),
    holders: Type.Array(HolderImpact, {
      description: 'These accounts, by their ids, page by page. Empty for a caller without `user:read`.',
    }),
    nextAfter: nullable(UserId, 'The `after` of the next page; null on the last page.'),
  },
);
export type RoleImpact = Static<typeof RoleImpact>;

/** The query of a change of global roles that can be tried. */
export const roleDryRunFields = dryRunFieldsFor({ affected: 'permissions of accounts', listed: 'accounts' });
