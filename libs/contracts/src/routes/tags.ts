import type { Tag } from '../route.ts';

/** The tags that contracts of several files carry. */
export const communityTag: Tag = {
  name: 'communities',
  description: 'Communities and their members: who shares work with whom.',
};
export const wealthTag: Tag = {
  name: 'wealth',
  description: 'What members offer each other: objects and services, and the requests for them.',
};
export const auditTag: Tag = {
  name: 'audit',
  description: 'The audit trail: reading, exporting, following, proving and keeping it.',
};
export const forumTag: Tag = {
  name: 'forums',
  description: 'The forums of a community, their threads and posts, and what the caller has read of them.',
};
