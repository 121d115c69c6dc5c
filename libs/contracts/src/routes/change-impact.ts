import { Type, type Static, type TSchema } from 'typebox';
import { field, named, nullable, UserId } from '../fields.ts';
import { CommunityRightField, RuleField } from './community-permissions.ts';
import { dryRunFieldsFor } from './dry-run-fields.ts';

const RightChange = named('RightChange', 'A right that a member gains or loses.', {
  permission: CommunityRightField,
  rule: field(RuleField, 'The rule that decides about it after the change.'),
});

const Count = (description: string) => Type.Integer({ minimum: 0, description, examples: [3] });

const MemberImpact = named('MemberImpact', 'What a change does to the rights of one member.', {
  userId: field(UserId, 'The member.'),
  displayName: Type.String({ description: 'The name that the user chose.', examples: ['Ada Lovelace'] }),
  gains: Type.Array(RightChange, { description: 'The rights that the member has after the change alone.' }),
  losses: Type.Array(RightChange, { description: 'The rights that the member has before the change alone.' }),
  title: nullable(
    named('TitleChange', 'The trust title of a member before and after a change.', {
      before: Type.String({ description: 'The title before the change.', examples: ['Stable'] }),
      after: Type.String({ description: 'The title after the change.', examples: ['Trusted'] }),
    }),
    'The trust title before and after the change; null where it stays, and for who is removed.',
  ),
});
export type MemberImpact = Static<typeof MemberImpact>;

const RightCounts = named('RightCounts', 'How many members gain and lose a right.', {
  permission: CommunityRightField,
  gained: Count('The members who gain it.'),
  lost: Count('The members who lose it.'),
});

const Unreachable = named('Unreachable', 'What nobody can reach any more after a change.', {
  kind: Type.Enum(['right', 'trust-threshold', 'trust-title'], {
    description:
      'A right that nobody has any more; a right with a trust threshold, or a trust title, that no member reaches by awards alone any more.',
    examples: ['trust-threshold'],
  }),
  name: Type.String({ description: 'The right or the title.', examples: ['wealth:create'] }),
  explanation: Type.String({
    description: 'Why, in words.',
    examples: ['It asks for a score of 15. With every award that can still be given, members reach 4 at most: it takes a grant.'],
  }),
});
export type Unreachable = Static<typeof Unreachable>;

export const ChangeImpact = named(
  'ChangeImpact',
  'The impact of a change that was tried and not made: who gains and loses which rights.',
  {
    memberCount: Count('The members who gain or lose something.'),
    rights: Type.Array(RightCounts, { description: 'The rights that anybody gains or loses, counted over all members.' }),
    members: Type.Array(MemberImpact, {
      description: 'These members, by their ids, page by page. Empty for a caller who may not read members.',
    }),
    nextAfter: nullable(UserId, 'The `after` of the next page; null on the last page.'),
    unreachable: Type.Array(Unreachable, { description: 'What nobody can reach any more, and somebody can now.' }),
    revokedInvites: Count('The open invites that would be revoked, because who made them may not invite any more.'),
  },
);
export type ChangeImpact = Static<typeof ChangeImpact>;

/** The query of a change that can be tried. */
export const dryRunFields = dryRunFieldsFor({ affected: 'rights of members', listed: 'members' });

/** The body of the answer to a change, or to trying it. */
export const orImpact = <S extends TSchema>(answer: S) => Type.Union([answer, ChangeImpact]);
