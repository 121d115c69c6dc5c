import process from 'node:process';
import { parseArgs } from 'node:util';
import { Client } from 'pg';

/** Rows for measuring on large tables, put there by SQL alone: `node tests/bench/seed.ts --database-url … --workspace … --scripts 1000000 --members 10000`. */
export interface SeededRows {
  readonly workspaceId: string;
  /** The number of scripts that the workspace has at last, and of members that its community has. */
  readonly scripts: number;
  readonly members: number;
}

const batchRows = 100_000;
/** About a kilobyte of text in every hundredth script, which are the ones that are read; little in the others. */
const content = `CASE WHEN n % 100 = 0 THEN repeat('echo "run the nightly batch"' || chr(10), 35) ELSE 'echo ' || n END`;

/** Adds scripts and members up to these numbers. Returns the ids of scripts to read, all of one length, at most 500. */
export const seedRows = async (client: Client, { workspaceId, scripts, members }: SeededRows): Promise<readonly string[]> => {
  const { rows } = await client.query<{ count: string }>('SELECT count(*) AS count FROM team.scripts WHERE workspace_id = $1', [
    workspaceId,
  ]);
  for (let from = Number(rows[0]?.count ?? 0) + 1; from <= scripts; from += batchRows) {
    await client.query(
      `INSERT INTO team.scripts (id, workspace_id, name, language, content, size_bytes, sha256, created_by, version, created_at)
       SELECT gen_random_uuid(), $1, 'seeded ' || n, 'shell', text.content, octet_length(text.content),
              encode(sha256(convert_to(text.content, 'UTF8')), 'hex'), 'bench', 1, now() - n * interval '1 second'
       FROM generate_series($2::int8, $3::int8) AS n CROSS JOIN LATERAL (SELECT ${content} AS content) AS text`,
      [workspaceId, from, Math.min(from + batchRows - 1, scripts)],
    );
  }
  await client.query(
    `INSERT INTO team.app_users (id, display_name) SELECT 'bench-' || n, 'Member ' || n FROM generate_series(1, $1::int8) AS n
     ON CONFLICT (id) DO NOTHING`,
    [members],
  );
  await client.query(
    `INSERT INTO team.resource_memberships (resource_id, resource_type, user_id, role, joined_at, created_by)
     SELECT w.community_id, 'community', 'bench-' || n, 'member', now(), 'bench'
     FROM team.workspaces AS w, generate_series(1, $2::int8) AS n WHERE w.id = $1 ON CONFLICT DO NOTHING`,
    [workspaceId, members],
  );
  // As autovacuum does within a minute: a database this young would still be read as if it were empty.
  await client.query('VACUUM ANALYZE team.scripts, team.resource_memberships, team.app_users');
  const read = await client.query<{ id: string }>(
    'SELECT id FROM team.scripts WHERE workspace_id = $1 AND size_bytes > 900 ORDER BY id LIMIT 500',
    [workspaceId],
  );
  return read.rows.map(({ id }) => id);
};

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      'database-url': { type: 'string' },
      workspace: { type: 'string' },
      scripts: { type: 'string', default: '1000000' },
      members: { type: 'string', default: '10000' },
    },
  });
  const client = new Client({ connectionString: values['database-url'] });
  await client.connect();
  const { workspace = '' } = values;
  await seedRows(client, { workspaceId: workspace, scripts: Number(values.scripts), members: Number(values.members) });
  await client.end();
  process.stdout.write('The rows are there.\n');
}
