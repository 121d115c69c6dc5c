import type { Client } from 'pg';

/**
 * SQL that fills the tables with up to a million rows each. A tenth of everything lies in one community (the first one), in its
 * first forum, wealth and pool, and every user belongs to it: statements must do for a large community and beside it.
 */

/** The id of the row with a number, of a table: the same in every run. */
const id = (table: string, number: string): string => `md5('${table}-' || ${number})::uuid`;
/** The number of the parent among `count`: every tenth row lies in the first one. */
const parent = (count: number): string => `CASE WHEN n % 10 = 0 THEN 0 ELSE n % ${count} END`;

const communities = 1_000;
/** The number of users who belong to communities. */
const users = 10_000;
/** Most users belong to none. */
const knownUsers = 100_000;
const polls = 100_000;
const forums = 10_000;
const threads = 100_000;
const wealth = 100_000;
const requests = 200_000;
const pools = 10_000;
const councils = 10_000;
const activities = 300_000;
const scripts = 100_000;
const folders = 10_000;

const ofCommunities: readonly string[] = [
  `INSERT INTO team.app_users (id, display_name) SELECT 'user-' || n, 'User ' || n FROM generate_series(0, ${knownUsers - 1}) AS n`,
  `INSERT INTO team.communities (id, name, created_by)
   SELECT ${id('community', 'n')}, 'Community ' || n, 'user-' || (n * 7) % ${users} FROM generate_series(0, ${communities - 1}) AS n`,
  `INSERT INTO team.resource_memberships (resource_id, resource_type, user_id, role, joined_at, created_by)
   SELECT ${id('community', 'n')}, 'community', 'user-' || ((n * 10 + m) % ${users}), 'moderator', now(), 'user-0'
   FROM generate_series(0, ${communities - 1}) AS n, generate_series(0, 99) AS m`,
  `INSERT INTO team.resource_memberships (resource_id, resource_type, user_id, role, joined_at, created_by)
   SELECT ${id('community', '0')}, 'community', 'user-' || n, 'member', now() - n * interval '1 second', 'user-0'
   FROM generate_series(0, ${users - 1}) AS n ON CONFLICT DO NOTHING`,
  `INSERT INTO team.polls (id, community_id, question, choice, results_visible, closes_at, elector_count, created_by, created_at, deleted_at)
   SELECT ${id('poll', 'n')}, ${id('community', parent(communities))}, 'Question ' || n, 'single', 'always',
          CASE WHEN n % 3 = 0 THEN now() + n * interval '1 second' END, 3, 'user-' || n % ${users}, now() - n * interval '1 second',
          CASE WHEN n % 50 = 1 THEN now() END
   FROM generate_series(0, ${polls - 1}) AS n`,
  `INSERT INTO team.poll_options (poll_id, number, text)
   SELECT ${id('poll', 'n')}, o, 'Option ' || o FROM generate_series(0, ${polls - 1}) AS n, generate_series(1, 2) AS o`,
  `INSERT INTO team.poll_electors (id, poll_id, user_id)
   SELECT ${id('elector', "n || '-' || m")}, ${id('poll', 'n')}, 'user-' || ((n + m) % ${users})
   FROM generate_series(0, ${polls - 1}) AS n, generate_series(0, 2) AS m`,
  `INSERT INTO team.poll_ballots (poll_id, poll_elector_id, option_numbers, created_by)
   SELECT ${id('poll', 'n')}, ${id('elector', "n || '-' || m")}, ARRAY[1 + m % 2]::int8[], 'user-' || ((n + m) % ${users})
   FROM generate_series(0, ${polls - 1}) AS n, generate_series(0, 1) AS m`,
  `INSERT INTO team.forums (id, community_id, name, created_by, created_at)
   SELECT ${id('forum', 'n')}, ${id('community', parent(communities))}, 'Forum ' || n, 'user-' || (n * 7) % ${users}, now() - n * interval '1 second'
   FROM generate_series(0, ${forums - 1}) AS n`,
  `INSERT INTO team.forum_threads (id, forum_id, title, last_post_number, last_post_at, created_by, created_at, deleted_at, deleted_by)
   SELECT ${id('thread', 'n')}, ${id('forum', parent(forums))}, 'Thread ' || n, 10, now() - n * interval '1 second', 'user-' || n % ${users},
          now() - n * interval '2 seconds', CASE WHEN n % 50 = 1 THEN now() END, CASE WHEN n % 50 = 1 THEN 'user-0' END
   FROM generate_series(0, ${threads - 1}) AS n`,
  `INSERT INTO team.forum_posts (id, forum_thread_id, number, content, created_by)
   SELECT ${id('post', "n || '-' || m")}, ${id('thread', 'n')}, m, 'Post', 'user-' || ((n + m) % ${users})
   FROM generate_series(0, ${threads - 1}) AS n, generate_series(1, 10) AS m`,
  `INSERT INTO team.forum_reads (forum_thread_id, user_id, last_read_number)
   SELECT ${id('thread', 'n')}, 'user-' || ((n + m) % ${users}), m
   FROM generate_series(0, ${threads - 1}) AS n, generate_series(1, 3) AS m`,
];

const ofTrade: readonly string[] = [
  `INSERT INTO team.wealth (id, community_id, type, title, category, quantity, min_trust_required, status, expires_at, created_by, created_at,
                            deleted_at, council_id, pool_id)
   SELECT ${id('wealth', 'n')}, ${id('community', parent(communities))}, CASE WHEN n % 2 = 0 THEN 'object' ELSE 'service' END, 'Wealth ' || n,
          'category ' || n % 50, 1000, n % 20, CASE n % 10 WHEN 1 THEN 'fulfilled' WHEN 2 THEN 'cancelled' ELSE 'active' END,
          CASE WHEN n % 3 = 0 THEN now() + (n - 50000) * interval '1 second' END, 'user-' || n % ${users}, now() - n * interval '1 second',
          CASE WHEN n % 50 = 1 THEN now() END, CASE WHEN n % 80 = 20 THEN ${id('council', parent(councils))} END,
          CASE WHEN n % 80 = 0 THEN ${id('pool', parent(pools))} END
   FROM generate_series(0, ${wealth - 1}) AS n`,
  `INSERT INTO team.wealth_requests (id, wealth_id, quantity, status, created_by, created_at)
   SELECT ${id('request', 'n')}, ${id('wealth', parent(wealth))}, 1,
          (ARRAY['pending', 'accepted', 'rejected', 'fulfilled', 'cancelled'])[1 + n % 5], 'user-' || (n * 7) % ${users},
          now() - n * interval '1 second'
   FROM generate_series(0, ${requests - 1}) AS n`,
  `INSERT INTO team.disputes (id, community_id, wealth_request_id, reason, status, created_by, created_at)
   SELECT ${id('dispute', 'n')}, ${id('community', parent(communities))}, ${id('request', 'n')}, 'Late', CASE WHEN n % 3 = 0 THEN 'open' ELSE 'withdrawn' END,
          'user-' || (n * 7) % ${users}, now() - n * interval '1 second'
   FROM generate_series(0, ${requests / 2 - 1}) AS n`,
  `INSERT INTO team.councils (id, community_id, name, created_by, created_at, deleted_at)
   SELECT ${id('council', 'n')}, ${id('community', parent(communities))}, 'Council ' || n, 'user-' || (n * 7) % ${users}, now() - n * interval '1 second',
          CASE WHEN n % 50 = 1 THEN now() END
   FROM generate_series(0, ${councils - 1}) AS n`,
  `INSERT INTO team.resource_memberships (resource_id, resource_type, user_id, role, joined_at, created_by)
   SELECT ${id('council', 'n')}, 'council', 'user-' || ((n + m * 11) % ${users}), 'member', now(), 'user-0'
   FROM generate_series(0, ${councils - 1}) AS n, generate_series(0, 9) AS m`,
  `INSERT INTO team.pools (id, community_id, council_id, name, unit, holding, created_by, created_at, deleted_at)
   SELECT ${id('pool', 'n')}, ${id('community', parent(communities))}, CASE WHEN n % 2 = 0 THEN ${id('council', 'n')} END, 'Pool ' || n, 'kg',
          100, 'user-' || (n * 7) % ${users}, now() - n * interval '1 second', CASE WHEN n % 50 = 1 THEN now() END
   FROM generate_series(0, ${pools - 1}) AS n`,
  `INSERT INTO team.pool_contributions (id, pool_id, kind, quantity, created_by, created_at)
   SELECT ${id('contribution', 'n')}, ${id('pool', parent(pools))}, CASE WHEN n % 4 = 0 THEN 'hand-out' ELSE 'contribution' END, 1,
          'user-' || n % ${users}, now() - n * interval '1 second'
   FROM generate_series(0, ${wealth - 1}) AS n`,
  `INSERT INTO team.needs (id, community_id, title, quantity, status, created_by, created_at, deleted_at, council_id, is_of_community)
   SELECT ${id('need', 'n')}, ${id('community', parent(communities))}, 'Need ' || n, 1, (ARRAY['open', 'met', 'cancelled'])[1 + n % 3],
          'user-' || n % ${users}, now() - n * interval '1 second', CASE WHEN n % 50 = 1 THEN now() END,
          CASE WHEN n % 20 = 10 THEN ${id('council', parent(councils))} END, n % 100 = 0
   FROM generate_series(0, ${wealth - 1}) AS n`,
];

const ofPeople: readonly string[] = [
  `INSERT INTO team.trust_awards (id, community_id, from_user_id, to_user_id, awarded_at)
   SELECT ${id('award', "n || '-' || m")}, ${id('community', '0')}, 'user-' || n, 'user-' || ((n + m * m) % ${users}),
          now() - n * interval '1 second'
   FROM generate_series(0, ${users - 1}) AS n, generate_series(1, 5) AS m
   UNION ALL
   SELECT ${id('award', "n || '-' || m || '-' || o")}, ${id('community', 'n')}, 'user-' || ((n * 10 + m) % ${users}),
          'user-' || ((n * 10 + (m + o) % 100) % ${users}), now() - m * interval '1 second'
   FROM generate_series(1, ${communities - 1}) AS n, generate_series(0, 99) AS m, generate_series(1, 2) AS o`,
  `INSERT INTO team.trust_grants (community_id, user_id, points, reason, granted_by, granted_at, created_by, created_at)
   SELECT ${id('community', parent(communities))}, 'user-' || n, n % 20, 'Founder', 'user-0', now(), 'user-0', now() - n * interval '1 second'
   FROM generate_series(0, ${users - 1}) AS n`,
  `INSERT INTO team.invites (id, community_id, token_hash, role, email, uses_left, expires_at, created_by, created_at)
   SELECT ${id('invite', 'n')}, ${id('community', parent(communities))}, 'hash-' || n, 'member',
          CASE WHEN n % 2 = 0 THEN 'person-' || n % 5000 || '@example.test' END, n % 3, now() + (n - 50000) * interval '1 second', 'user-' || (n * 7) % ${users},
          now() - n * interval '1 second'
   FROM generate_series(0, ${polls - 1}) AS n`,
  `INSERT INTO team.activities (id, community_id, user_id, action, resource_type, resource_id, is_shown, is_contribution, occurred_at)
   SELECT ${id('activity', 'n')}, ${id('community', parent(communities))}, 'user-' || (n / 7) % ${users}, 'wealth.create', 'wealth', ${id('wealth', `n % ${wealth}`)},
          n % 4 <> 0, n % 3 = 0, now() - n * interval '20 seconds'
   FROM generate_series(0, ${activities - 1}) AS n`,
  `INSERT INTO team.inbox_events (id, kind, created_at)
   SELECT ${id('event', 'n')}, 'user-changed', now() - n * interval '1 second' FROM generate_series(0, ${polls - 1}) AS n`,
  `INSERT INTO team.idempotency_keys (principal_id, key, request_hash, answer, expires_at)
   SELECT 'user-' || n % ${users}, 'key-' || n, 'hash', '{"status":201,"body":{}}', now() + n * interval '1 second'
   FROM generate_series(0, ${polls - 1}) AS n`,
  `INSERT INTO team.workspaces (id, community_id, name, created_by, created_at)
   SELECT ${id('workspace', 'n')}, ${id('community', parent(communities))}, 'Workspace ' || n, 'user-' || (n * 7) % ${users}, now() - n * interval '1 second'
   FROM generate_series(0, ${pools - 1}) AS n`,
  `INSERT INTO team.scripts (id, workspace_id, name, language, content, created_by, created_at)
   SELECT ${id('script', 'n')}, ${id('workspace', parent(pools))}, 'script ' || n, 'shell', 'echo', 'user-' || n % ${users}, now() - n * interval '1 second'
   FROM generate_series(0, ${scripts - 1}) AS n`,
  `INSERT INTO team.control_m_folders (id, workspace_id, name, definition, job_count, created_by, created_at)
   SELECT ${id('folder', 'n')}, ${id('workspace', parent(pools))}, 'folder ' || n, '{}', 0, 'user-' || n % ${users}, now() - n * interval '1 second'
   FROM generate_series(0, ${folders - 1}) AS n`,
];

/** The indexes that no constraint stands on, by name, with the statements that create them. */
const plainIndexes = async (client: Client) => {
  const { rows } = await client.query<{ indexname: string; indexdef: string }>(
    `SELECT indexname, indexdef FROM pg_indexes
     WHERE schemaname = 'team' AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = indexname)`,
  );
  return rows;
};

/**
 * Fills the tables. Foreign keys are not checked meanwhile: the rows fit. Indexes are created over the rows that are there: that is
 * several times as fast as keeping them up row by row.
 */
export const insertManyRows = async (client: Client): Promise<void> => {
  const indexes = await plainIndexes(client);
  await client.query(`SET session_replication_role = replica; SET maintenance_work_mem = '256MB'`);
  for (const { indexname } of indexes) await client.query(`DROP INDEX team.${indexname}`);
  for (const statement of [...ofCommunities, ...ofTrade, ...ofPeople]) await client.query(statement);
  for (const { indexdef } of indexes) await client.query(indexdef);
  await client.query('ANALYZE');
  await client.query('SET session_replication_role = DEFAULT');
};

/** Reads the ids of a row by its table and number. */
export const idOf = async (client: Client, table: string, number: string): Promise<string> => {
  const { rows } = await client.query<{ id: string }>(`SELECT ${id(table, '$1::text')} AS id`, [number]);
  return rows[0]?.id ?? '';
};
