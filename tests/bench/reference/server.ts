import Fastify from 'fastify';
import { Pool } from 'pg';

/**
 * The reference of the benchmark: one bare fastify process on the same database and the same rows, with prepared
 * statements, and without a gateway, an account, a permission or an audit event.
 */
const poolMax = 10;
const pool = new Pool({ connectionString: process.env['DATABASE_URL'], max: poolMax });
const app = Fastify();

app.get('/hello', async () => ({ hello: 'world' }));

app.get<{ Params: { scriptId: string } }>('/scripts/:scriptId', async ({ params }) => {
  const { rows } = await pool.query<Record<string, unknown>>({
    name: 'get-script',
    text: 'SELECT id, workspace_id, name, language, content, created_by, version, created_at, updated_at FROM team.scripts WHERE id = $1',
    values: [params.scriptId],
  });
  return rows[0];
});

interface ListRequest {
  Params: { workspaceId: string };
  Querystring: { createdAt?: string; id?: string };
}

const listed = `SELECT id, workspace_id, name, language, created_by, version, created_at, updated_at FROM team.scripts
                WHERE workspace_id = $1 AND deleted_at IS NULL`;
const inOrder = 'ORDER BY created_at DESC, id DESC LIMIT 25';

app.get<ListRequest>('/workspaces/:workspaceId/scripts', async ({ params: { workspaceId }, query: { createdAt, id } }) => {
  const isFirst = createdAt === undefined;
  const { rows } = await pool.query<Record<string, unknown>>({
    name: isFirst ? 'list-scripts' : 'list-next-scripts',
    text: isFirst ? `${listed} ${inOrder}` : `${listed} AND (created_at, id) < ($2, $3) ${inOrder}`,
    values: isFirst ? [workspaceId] : [workspaceId, createdAt, id],
  });
  return { items: rows };
});

app.post<{ Params: { workspaceId: string }; Body: { name: string; language: string; content: string } }>(
  '/workspaces/:workspaceId/scripts',
  async ({ params, body }, reply) => {
    const client = await pool.connect();
    try {
      await client.query('BEGIN');
      const { rows } = await client.query<{ id: string }>({
        name: 'insert-script',
        text: `INSERT INTO team.scripts (id, workspace_id, name, language, content, created_by, version)
               VALUES (gen_random_uuid(), $1, $2, $3, $4, $5, 1) RETURNING id`,
        values: [params.workspaceId, body.name, body.language, body.content, 'bench'],
      });
      await client.query({
        name: 'insert-version',
        text: `INSERT INTO team.script_versions (script_id, version, name, language, content, created_by)
               VALUES ($1, 1, $2, $3, $4, $5)`,
        values: [rows[0]?.id, body.name, body.language, body.content, 'bench'],
      });
      await client.query('COMMIT');
      return await reply.code(201).send(rows[0]);
    } catch (error) {
      await client.query('ROLLBACK');
      throw error;
    } finally {
      client.release();
    }
  },
);

const url = await app.listen({ host: '127.0.0.1', port: 0 });
process.send?.({ url });
process.once('disconnect', () => void app.close().then(() => pool.end()));
