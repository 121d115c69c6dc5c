import type { Client } from 'pg';

/**
 * SQL that fills the tables of polls and forums with up to a million rows each. A tenth of everything lies in one community (the first
 * one) and in its first forum: statements must do for a large community and beside it.
 */

/** The id of the row with a number, of a table: the same in every run. */
const id = (table: string, number: string): string => `md5('${table}-' || ${number})::uuid`;
/** The number of the parent among `count`: every tenth row lies in the first one. */
const parent = (count: number): string => `CASE WHEN n % 10 = 0 THEN 0 ELSE n % ${count} END`;

const communities = 1_000;
const users = 10_000;
const polls = 100_000;
const forums = 10_000;
const threads = 100_000;

const statements: readonly string[] = [
  `INSERT INTO team.app_users (id, display_name) SELECT 'user-' || n, 'User ' || n FROM generate_series(0, ${users - 1}) AS n`,
  `INSERT INTO team.communities (id, name, created_by)
   SELECT ${id('community', 'n')}, 'Community ' || n, 'user-0' FROM generate_series(0, ${communities - 1}) AS n`,
  `INSERT INTO team.resource_memberships (resource_id, resource_type, user_id, role, joined_at, created_by)
   SELECT ${id('community', 'n')}, 'community', 'user-' || ((n * 10 + m) % ${users}), 'moderator', now(), 'user-0'
   FROM generate_series(0, ${communities - 1}) AS n, generate_series(0, 99) AS m`,
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
   SELECT ${id('forum', 'n')}, ${id('community', parent(communities))}, 'Forum ' || n, 'user-0', now() - n * interval '1 second'
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
  'ANALYZE',
];

/** Fills the tables. Foreign keys are not checked meanwhile: the rows fit. */
export const insertManyRows = async (client: Client): Promise<void> => {
  await client.query('SET session_replication_role = replica');
  for (const statement of statements) await client.query(statement);
  await client.query('SET session_replication_role = DEFAULT');
};

/** Reads the ids of a row by its table and number. */
export const idOf = async (client: Client, table: string, number: string): Promise<string> => {
  const { rows } = await client.query<{ id: string }>(`SELECT ${id(table, '$1::text')} AS id`, [number]);
  return rows[0]?.id ?? '';
};
