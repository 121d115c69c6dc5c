import { row, sql, type SharedDatabase } from '@guildhall/db';
import type { PushedVersions } from '@guildhall/workspaces';
import { Type } from 'typebox';
import { createFolderStore } from './control-m-folders.ts';
import { schema } from './fragments.ts';
import { controlMDocumentVersions, controlMFolderVersions, scriptVersions } from './tables.ts';

const FoundRow = row([scriptVersions, controlMFolderVersions, controlMDocumentVersions], { version: Type.Integer() });

const tables = {
  script: { versions: 'script_versions', parent: 'script_id' },
  'control-m-folder': { versions: 'control_m_folder_versions', parent: 'control_m_folder_id' },
  'control-m-document': { versions: 'control_m_document_versions', parent: 'control_m_document_id' },
} as const;

/** Thrown to take back what a transaction has saved. */
const lost = new Error('Another version of one of the folders came first.');

export const createPushedVersions = ({
  connection,
  inTransaction,
}: Pick<SharedDatabase, 'connection' | 'inTransaction'>): PushedVersions => ({
  async findVersion(kind, documentId, versionId) {
    const { versions, parent } = tables[kind];
    const found = await connection.maybeOne(sql.type(FoundRow)`
      SELECT pushed.version FROM ${sql.identifier([schema, versions])} AS pushed
      WHERE pushed.id = ${versionId}::uuid AND pushed.${sql.identifier([parent])} = ${documentId}::uuid`);
    return found?.version;
  },
  async saveFolders(saves) {
    const ids = saves.map(({ next }) => next.id);
    const save = inTransaction(async (tx) => {
      // Each name is free before it is taken; nobody sees the ids in their place.
      await tx.query(sql.unsafe`
        UPDATE team.control_m_folders SET name = id::text
        WHERE id = ANY(${sql.array(ids, 'uuid')}) AND deleted_at IS NULL`);
      const folders = createFolderStore(tx);
      for (const { next, write } of saves) if (!(await folders.save(next, write))) throw lost;
      return true;
    });
    return await save.catch((error: unknown) => {
      if (error === lost) return false;
      throw error;
    });
  },
});
