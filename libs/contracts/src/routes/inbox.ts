import { Type, type Static } from 'typebox';
import { CommunityId, CreatedAt, field, named, pageFields, pageOf, Uuid } from '../fields.ts';
import { group } from '../route.ts';

const Kind = Type.Enum(['invite', 'request', 'vote', 'dispute', 'thread'], {
  description:
    'What waits: an invite to the own address, a pending request for own wealth, an open poll without the own ballot, an open dispute that the caller may resolve, or a thread with posts that they have not read, since they joined.',
  examples: ['vote'],
});

export const InboxItem = named('InboxItem', 'Something that waits for the caller.', {
  kind: Kind,
  id: field(
    Uuid,
    'The id of the invite, the request, the poll, the dispute or the thread.',
    'b7e1d2c3-4f5a-4b6c-8d7e-9f0a1b2c3d4e',
  ),
  communityId: CommunityId,
  communityName: Type.String({ description: 'The name of the community.', examples: ['Payments'] }),
  title: Type.String({
    description:
      'The question of the poll, the title of the wealth or of the thread, or the name of the community that the invite is to.',
    examples: ['When shall the night batch begin?'],
  }),
  createdAt: field(CreatedAt, 'Since when it waits: of a thread, when its last post was written.'),
});
export type InboxItem = Static<typeof InboxItem>;

export const inboxRoutes = group(
  { name: 'inbox', description: 'What waits for the caller, in all their communities.' },
  {
    listInbox: {
      method: 'GET',
      path: '/v1/me/inbox',
      summary: 'What waits for the caller, newest first: votes, requests, invites, disputes to resolve and unread threads.',
      action: 'inbox.list',
      subject: { type: 'inbox', id: 'own' },
      query: { ...pageFields, kind: Type.Optional(Kind) },
      responses: { 200: pageOf('InboxItem', InboxItem) },
    },
  },
);
