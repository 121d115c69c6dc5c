import { Type, type Static } from 'typebox';
import { Change } from '../events.ts';
import { CommunityId, field, named, nullable, Timestamp } from '../fields.ts';
import { group } from '../route.ts';
import { auditFilters, communityFilter, communityTrail, TrailEvent, wholeTrail } from './audit.ts';
import { jsonPointer } from '../patterns.ts';
import { auditTag } from './tags.ts';

/** The most removed events that an answer counts, of one kind and the other together. */
export const blamedRemovalsMax = 10_000;

const ResourceType = Type.String({ minLength: 1, maxLength: 60, description: 'The type of the resource.', examples: ['script'] });
const ResourceId = Type.String({
  minLength: 1,
  maxLength: 255,
  description: 'The id of the resource.',
  examples: ['3c4d5e6f-7a8b-4c9d-8e1f-2a3b4c5d6e7f'],
});
const Path = Type.String({
  minLength: 1,
  maxLength: 512,
  pattern: jsonPointer,
  description: 'A JSON Pointer (RFC 6901) of the value.',
  examples: ['/name'],
});

const count = (description: string) => Type.Integer({ minimum: 0, maximum: blamedRemovalsMax, description, examples: [0] });

export const AuditBlame = named('AuditBlame', 'Who set a value of a resource, when, from what, with its proof.', {
  resourceType: ResourceType,
  resourceId: ResourceId,
  path: Path,
  state: Type.Enum(['set', 'uncertain', 'altered', 'removed', 'untold', 'older'], {
    description:
      '`set`: this event set the value that stands there. `uncertain`: events behind it were removed, or the log is not whole: one of them may have set it since. `altered`: the newest row that tells of it is not what was logged. `removed`: no event that is left tells of it. `untold`: none ever did. `older`: none since `searchedSince` did; ask again with that as `to`.',
    examples: ['set'],
  }),
  event: nullable(TrailEvent, 'The newest successful event that changed the path, what contains it or a part of it; null: none.'),
  change: nullable(Change, 'What it changed there, from what; null without an event, and of one that was altered.'),
  proof: Type.Enum(['proven', 'pending', 'broken', 'none'], {
    description:
      '`pending`: the next checkpoint covers the event, in a moment. `broken`: hashes of the log were altered, and prove nothing. `none`: there is no event to prove.',
    examples: ['proven'],
  }),
  receipt: nullable(
    field(
      Type.String(),
      'The event with its proof, as text (C2SP tlog-proof): `audit-verify` proves it offline.',
      'c2sp.org/tlog-proof@v1\n…',
    ),
    'Null unless `proof` is `proven`.',
  ),
  removed: Type.Object(
    { pruned: count('How many of them were pruned by retention.'), redacted: count('How many of them were redacted.') },
    {
      additionalProperties: false,
      description: `The events at later places of the whole log of which only the hash is left, the last ${blamedRemovalsMax} at most.`,
    },
  ),
  isLogWhole: Type.Boolean({ description: 'False while a check of the whole log has found a fault.', examples: [true] }),
  searchedSince: nullable(Timestamp, 'The earliest time of the events that were looked at; null: all of the resource were.'),
});
export type AuditBlame = Static<typeof AuditBlame>;

const query = {
  resourceType: ResourceType,
  resourceId: ResourceId,
  path: Path,
  to: field(auditFilters.to, 'Who had set it at this time: only events that occurred before it.'),
};

export const auditBlameRoutes = group(auditTag, {
  getAuditBlame: {
    method: 'GET',
    path: '/v1/audit/blame',
    summary:
      'Who set the value that stands there, when, from what, with its proof. It looks at the newest 20,000 events of the resource.',
    permission: 'audit:read',
    action: 'audit.read',
    subject: wholeTrail,
    query: { ...query, ...communityFilter },
    responses: { 200: AuditBlame },
  },
  getCommunityAuditBlame: {
    method: 'GET',
    path: '/v1/communities/:communityId/audit/blame',
    summary: 'Who set a value of a resource of one community, when, from what, with its proof.',
    permission: 'community-audit:read',
    action: 'audit.read',
    subject: communityTrail,
    params: { communityId: CommunityId },
    query,
    responses: { 200: AuditBlame },
  },
});
