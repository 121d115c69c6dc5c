import type { WorkspaceCounts } from '@guildhall/contracts';
import { sql, uncheckedRow, type Connection, type Fragment } from '@guildhall/db';
import { Type } from 'typebox';

/** Counts and digests of the rows of a workspace, by which an import is compared with the solo file that it came from. */

const DigestRow = uncheckedRow({ count: Type.Integer(), sha256: Type.String() });

const versionOf = (table: Fragment): Fragment => sql.fragment`
  ${table}.id::text || ' ' || ${table}.version::text || ' ' || ${table}.sha256`;
const stateOf = (table: Fragment): Fragment => sql.fragment`
  CASE WHEN ${table}.deleted_at IS NULL THEN ' kept' ELSE ' deleted' END`;

/** The rows of each kind: the id, and a line that changes with the row. */
const linesOf = (workspaceId: string): Readonly<Record<keyof WorkspaceCounts, Fragment>> => ({
  scripts: sql.fragment`
    SELECT script.id, ${versionOf(sql.fragment`script`)} || ${stateOf(sql.fragment`script`)} AS line
    FROM team.scripts AS script WHERE script.workspace_id = ${workspaceId}::uuid`,
  scriptVersions: sql.fragment`
    SELECT saved.id, ${versionOf(sql.fragment`saved`)} AS line
    FROM team.script_versions AS saved JOIN team.scripts AS script ON script.id = saved.script_id
    WHERE script.workspace_id = ${workspaceId}::uuid`,
  controlMFolders: sql.fragment`
    SELECT folder.id, ${versionOf(sql.fragment`folder`)} || ${stateOf(sql.fragment`folder`)} AS line
    FROM team.control_m_folders AS folder WHERE folder.workspace_id = ${workspaceId}::uuid`,
  controlMFolderVersions: sql.fragment`
    SELECT saved.id, ${versionOf(sql.fragment`saved`)} AS line
    FROM team.control_m_folder_versions AS saved JOIN team.control_m_folders AS folder ON folder.id = saved.control_m_folder_id
    WHERE folder.workspace_id = ${workspaceId}::uuid`,
  controlMDocuments: sql.fragment`
    SELECT document.id, ${versionOf(sql.fragment`document`)} || ${stateOf(sql.fragment`document`)} AS line
    FROM team.control_m_documents AS document WHERE document.workspace_id = ${workspaceId}::uuid`,
  controlMDocumentVersions: sql.fragment`
    SELECT saved.id, ${versionOf(sql.fragment`saved`)} AS line
    FROM team.control_m_document_versions AS saved
    JOIN team.control_m_documents AS document ON document.id = saved.control_m_document_id
    WHERE document.workspace_id = ${workspaceId}::uuid`,
});

/** The count of the rows of each kind, and the SHA-256 of their lines by id, each ended by a line feed. */
export const digestImportedRows = async (
  tx: Connection,
  workspaceId: string,
): Promise<{ readonly counts: WorkspaceCounts; readonly digests: readonly string[] }> => {
  const counts = {
    scripts: 0,
    scriptVersions: 0,
    controlMFolders: 0,
    controlMFolderVersions: 0,
    controlMDocuments: 0,
    controlMDocumentVersions: 0,
  };
  const digests: string[] = [];
  const lines = linesOf(workspaceId);
  for (const kind of Object.keys(counts) as (keyof WorkspaceCounts)[]) {
    const { count, sha256 } = await tx.one(sql.type(DigestRow)`
      SELECT count(*) AS count,
             right(sha256(convert_to(COALESCE(string_agg(listed.line || chr(10), '' ORDER BY listed.id), ''), 'UTF8'))::text, 64) AS sha256
      FROM (${lines[kind]}) AS listed`);
    counts[kind] = count;
    digests.push(sha256);
  }
  return { counts, digests };
};
