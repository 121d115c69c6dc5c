import { randomUUID } from 'node:crypto';
import { sql, type SharedDatabase } from '@guildhall/db';
import { freshDatabase } from '@guildhall/testkit';
import { openTables } from '@guildhall/testkit/service';

export interface TeamDatabase {
  readonly url: string;
  readonly database: SharedDatabase;
  close(): Promise<void>;
}

/** A database of its own with this service's migrations, and a pool on it that is ready. */
export const openTeamDatabase = async (): Promise<TeamDatabase> => {
  const fresh = await freshDatabase({ services: ['team-resources'] });
  const database = await openTables('team-resources', fresh.url);
  return {
    url: fresh.url,
    database,
    close: async () => {
      await database.close();
      await fresh.drop();
    },
  };
};

/** A community with its owner, put there by SQL alone. */
export const seedCommunity = async ({
  connection,
}: SharedDatabase): Promise<{ readonly communityId: string; readonly owner: string }> => {
  const communityId = randomUUID();
  const owner = `owner-${randomUUID()}`;
  await connection.query(sql.unsafe`
    INSERT INTO team.communities (id, name, created_by) VALUES (${communityId}::uuid, 'Night shift', ${owner})`);
  await seedMember({ connection }, communityId, owner, 'owner');
  return { communityId, owner };
};

/** A user who is to be a member, and their name; without one, it is their id. */
export interface SeededMember {
  readonly userId: string;
  readonly role: string;
  readonly displayName?: string;
}

/** Makes users members of a community by one statement. Each joins a microsecond after the one before, and after who was there already. */
export const seedMembers = async (
  { connection }: Pick<SharedDatabase, 'connection'>,
  communityId: string,
  members: readonly SeededMember[],
): Promise<void> => {
  const rows = members.map(({ userId, role, displayName = userId }, index) => [userId, role, displayName, index + 1]);
  const given = sql.unnest(rows, ['text', 'text', 'text', 'int4']);
  await connection.query(sql.unsafe`
    WITH seeded AS (
      SELECT user_id, role, display_name, greatest(latest.at, date_trunc('milliseconds', now())) + place * interval '1 microsecond' AS at
      FROM ${given} AS given (user_id, role, display_name, place)
      CROSS JOIN (SELECT max(joined_at) AS at FROM team.resource_memberships WHERE resource_id = ${communityId}::uuid) AS latest
    ),
    known AS (
      INSERT INTO team.app_users (id, display_name) SELECT user_id, display_name FROM seeded ON CONFLICT (id) DO NOTHING
    )
    INSERT INTO team.resource_memberships (resource_id, resource_type, user_id, role, joined_at, created_by, created_at, updated_at)
    SELECT ${communityId}::uuid, 'community', user_id, role, at, user_id, at, at FROM seeded`);
};

export const seedMember = (
  database: Pick<SharedDatabase, 'connection'>,
  communityId: string,
  userId: string,
  role: string,
): Promise<void> => seedMembers(database, communityId, [{ userId, role }]);
