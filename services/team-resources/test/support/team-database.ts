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

export const seedMember = async (
  { connection }: Pick<SharedDatabase, 'connection'>,
  communityId: string,
  userId: string,
  role: string,
): Promise<void> => {
  await connection.query(sql.unsafe`
    INSERT INTO team.app_users (id, display_name) VALUES (${userId}, ${userId}) ON CONFLICT (id) DO NOTHING`);
  await connection.query(sql.unsafe`
    INSERT INTO team.resource_memberships (resource_id, resource_type, user_id, role, joined_at, created_by)
    VALUES (${communityId}::uuid, 'community', ${userId}, ${role}, now(), ${userId})`);
};
