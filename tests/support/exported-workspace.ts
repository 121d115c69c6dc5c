import type { Client } from 'pg';

/** Everything that the shared database has of a workspace that moved there, read and taken away by SQL alone. */

const versionsOf = (versions: string, documents: string, parent: string): string =>
  `SELECT saved.* FROM team.${versions} AS saved JOIN team.${documents} AS document ON document.id = saved.${parent}
   WHERE document.workspace_id = $1 ORDER BY saved.id`;

const exported = [
  'SELECT * FROM team.workspaces WHERE id = $1',
  'SELECT * FROM team.scripts WHERE workspace_id = $1 ORDER BY id',
  versionsOf('script_versions', 'scripts', 'script_id'),
  'SELECT * FROM team.control_m_folders WHERE workspace_id = $1 ORDER BY id',
  versionsOf('control_m_folder_versions', 'control_m_folders', 'control_m_folder_id'),
  'SELECT * FROM team.control_m_documents WHERE workspace_id = $1 ORDER BY id',
  versionsOf('control_m_document_versions', 'control_m_documents', 'control_m_document_id'),
];

/** Everything that is stored of a workspace, as text, and how often its share was audited. */
export const exportShared = async (client: Client, workspaceId: string): Promise<string> => {
  const parts: unknown[] = [];
  for (const query of exported) {
    const { rows } = await client.query(`SELECT to_jsonb(stored) AS row FROM (${query}) AS stored`, [workspaceId]);
    parts.push(rows);
  }
  const { rows } = await client.query(
    `SELECT count(*)::int8 AS events FROM team.outbox_events WHERE payload->>'action' = 'workspace.share' AND payload->'resource'->>'id' = $1`,
    [workspaceId],
  );
  return JSON.stringify([...parts, rows], undefined, 1);
};

/** Takes away what is stored of a workspace, and the events of shares. */
export const forgetShared = async (client: Client, workspaceId: string): Promise<void> => {
  await client.query('DELETE FROM team.workspaces WHERE id = $1', [workspaceId]);
  await client.query(`DELETE FROM team.outbox_events WHERE payload->>'action' = 'workspace.share'`);
};
