import type { Community, CommunitySettings } from '@guildhall/contracts';
import { row, sql, uncheckedRow, type Connection, type Fragment } from '@guildhall/db';
import { Type } from 'typebox';
import { restorePermission, type CommunityFilter, type CommunityStore, type NewCommunity } from '../core/communities.ts';
import type { NamedInSettings } from '../core/community-settings.ts';
import { communityAccess, heldRole, membershipOf, roleIncludes } from './access.ts';
import { communityColumns, CommunityRow, FoundCommunityRow as FoundRow, creatorJoin, toCommunity } from './community-rows.ts';
import { afterSorted, claimKey, containsText, findEarlier, joinAppUser, recordEvents, sortedBy, timestamp } from './fragments.ts';
import { communities } from './tables.ts';

const SavedRow = row([communities], { id: Type.String() });
const UnknownRow = uncheckedRow({ kind: Type.Enum(['user', 'council']), id: Type.String() });

const json = (value: unknown): Fragment => sql.fragment`${JSON.stringify(value)}::jsonb`;

const settingsAssignments = (settings: CommunitySettings): Fragment => sql.fragment`
  min_trust_to_award_trust = ${json(settings.minTrustToAwardTrust)},
  min_trust_for_wealth = ${json(settings.minTrustForWealth)},
  trust_titles = ${json(settings.trustTitles)},
  non_contribution_threshold_days = ${settings.nonContributionThresholdDays}::int8,
  dashboard_refresh_interval = ${settings.dashboardRefreshInterval}::int8,
  metric_visibility_settings = ${json(settings.metricVisibilitySettings)},
  dispute_handling_councils = ${json(settings.disputeHandlingCouncils)},
  poll_creator_users = ${json(settings.pollCreatorUsers)}`;

/** Selects the users who are no active members of the community, and the councils that it does not have. */
const unknownOf = (communityId: string, { users, councils }: NamedInSettings): Fragment => sql.fragment`
  SELECT 'user' AS kind, named.id FROM unnest(${sql.array([...users], 'text')}) AS named (id)
  WHERE NOT EXISTS (
    SELECT 1 FROM team.resource_memberships AS m
    WHERE m.resource_id = ${communityId}::uuid AND m.resource_type = 'community' AND m.user_id = named.id AND m.deleted_at IS NULL
  )
  UNION ALL
  SELECT 'council' AS kind, named.id FROM unnest(${sql.array([...councils], 'text')}) AS named (id)
  WHERE NOT EXISTS (
    SELECT 1 FROM team.councils AS council
    WHERE council.id = named.id::uuid AND council.community_id = ${communityId}::uuid AND council.deleted_at IS NULL
  )`;

const listed = sql.fragment`community`;

const inState = (state: CommunityFilter['state']): Fragment =>
  state === 'deleted'
    ? sql.fragment`community.deleted_at IS NOT NULL AND ${roleIncludes(restorePermission)}`
    : sql.fragment`community.deleted_at IS NULL`;

const withPermission = (permission: CommunityFilter['permission']): Fragment =>
  permission === undefined ? sql.fragment`TRUE` : roleIncludes(permission);

const nobody: NamedInSettings = { users: [], councils: [] };

type Reads = 'find' | 'findDeletedToo' | 'list' | 'findUnknown';

const reads = (connection: Connection): Pick<CommunityStore, Reads> => ({
  async find(userId, communityId) {
    const found = await connection.maybeOne(sql.type(CommunityRow)`
      SELECT ${communityColumns} FROM team.communities AS community ${membershipOf(userId)} ${creatorJoin}
      WHERE community.id = ${communityId}::uuid AND community.deleted_at IS NULL`);
    return found === null ? undefined : toCommunity(found);
  },
  async findDeletedToo(userId, communityId) {
    const found = await connection.maybeOne(sql.type(FoundRow)`
      SELECT ${communityColumns}, community.deleted_at IS NOT NULL AS is_deleted, ${heldRole(sql.fragment`membership`)} AS held_role
      FROM team.communities AS community ${membershipOf(userId)} ${creatorJoin}
      WHERE community.id = ${communityId}::uuid`);
    if (found === null) return undefined;
    const { isDeleted, heldRole: role, ...community } = found;
    return { community: toCommunity(community), isDeleted, role };
  },
  async list(userId, { page, q, state, permission }) {
    const rows = await connection.any(sql.type(CommunityRow)`
      SELECT ${communityColumns} FROM team.communities AS community ${membershipOf(userId)} ${creatorJoin}
      WHERE ${inState(state)} AND ${withPermission(permission)} AND ${containsText(sql.fragment`community.name`, q)}
        AND ${afterSorted(listed, page)}
      ORDER BY ${sortedBy(listed, page)} LIMIT ${page.limit}`);
    return rows.map(toCommunity);
  },
  async findUnknown(communityId, named) {
    const rows = await connection.any(sql.type(UnknownRow)`${unknownOf(communityId, named)}`);
    const idsOf = (kind: string) => rows.filter((found) => found.kind === kind).map(({ id }) => id);
    return { users: idsOf('user'), councils: idsOf('council') };
  },
});

export const createCommunities = (connection: Connection): CommunityStore => ({
  ...reads(connection),
  findEarlier: (userId, key) => findEarlier(connection, userId, key),
  insert: (created) => insertCommunity(connection, created),
  async save(next, isDeleted, { userId, permission, event, named = nobody }) {
    const { id, name, description, settings, version, updatedAt } = next;
    const saved = await connection.maybeOne(sql.type(SavedRow)`
      WITH access AS (${communityAccess(userId, id, permission)}),
      saved AS (
        UPDATE team.communities AS c
        SET name = ${name}, description = ${description}, ${settingsAssignments(settings)}, version = ${version}::int8,
            updated_at = ${timestamp(updatedAt)}, deleted_at = ${isDeleted ? updatedAt : null}::timestamptz
        FROM access
        WHERE c.id = access.community_id AND c.version = ${version - 1}::int8 AND c.deleted_at IS NULL
          AND NOT EXISTS (${unknownOf(id, named)})
        RETURNING c.id
      ),
      ${recordEvents(event)}
      SELECT id FROM saved`);
    return saved !== null;
  },
  async restore({ id, version, updatedAt }, { userId, event }) {
    const saved = await connection.maybeOne(sql.type(SavedRow)`
      WITH saved AS (
        UPDATE team.communities AS c
        SET version = ${version}::int8, updated_at = ${timestamp(updatedAt)}, deleted_at = NULL
        FROM team.communities AS community ${membershipOf(userId)}
        WHERE c.id = ${id}::uuid AND community.id = c.id AND c.version = ${version - 1}::int8 AND c.deleted_at IS NOT NULL
          AND ${roleIncludes(restorePermission)}
        RETURNING c.id
      ),
      ${recordEvents(event)}
      SELECT id FROM saved`);
    return saved !== null;
  },
});

const insertCommunity = async (
  connection: Connection,
  { community, founder, event, remembered }: NewCommunity,
): Promise<boolean> => {
  const { id, name, description, createdAt }: Community = community;
  const { userId } = founder;
  const saved = await connection.maybeOne(sql.type(SavedRow)`
    WITH access AS (SELECT ${userId}::text AS user_id),
    claimed_key AS (${claimKey(userId, remembered)}),
    known AS (${joinAppUser(founder, sql.fragment`EXISTS (SELECT 1 FROM claimed_key)`)}),
    saved AS (
      INSERT INTO team.communities (id, name, description, created_by, version, created_at, updated_at)
      SELECT ${id}::uuid, ${name}::text, ${description}::text, ${userId}::text, 1::int8,
             ${timestamp(createdAt)}, ${timestamp(createdAt)}
      FROM claimed_key CROSS JOIN known
      RETURNING id
    ),
    joined AS (
      INSERT INTO team.resource_memberships
        (resource_id, resource_type, user_id, role, joined_at, created_by, version, created_at, updated_at)
      SELECT saved.id, 'community', ${userId}::text, 'owner', ${timestamp(createdAt)}, ${userId}::text, 1::int8, ${timestamp(createdAt)},
             ${timestamp(createdAt)}
      FROM saved
      RETURNING user_id
    ),
    ${recordEvents(event)}
    SELECT id FROM saved`);
  return saved !== null;
};
