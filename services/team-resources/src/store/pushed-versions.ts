import { row, sql, type Connection } from '@guildhall/db';
import type { PushedVersions } from '@guildhall/workspaces';
import { Type } from 'typebox';
import { schema } from './fragments.ts';
import { controlMDocumentVersions, controlMFolderVersions, scriptVersions } from './tables.ts';

const FoundRow = row([scriptVersions, controlMFolderVersions, controlMDocumentVersions], { version: Type.Integer() });

const tables = {
  script: { versions: 'script_versions', parent: 'script_id' },
  'control-m-folder': { versions: 'control_m_folder_versions', parent: 'control_m_folder_id' },
  'control-m-document': { versions: 'control_m_document_versions', parent: 'control_m_document_id' },
} as const;

export const createPushedVersions = (connection: Connection): PushedVersions => ({
  async findVersion(kind, documentId, versionId) {
    const { versions, parent } = tables[kind];
    const found = await connection.maybeOne(sql.type(FoundRow)`
      SELECT pushed.version FROM ${sql.identifier([schema, versions])} AS pushed
      WHERE pushed.id = ${versionId}::uuid AND pushed.${sql.identifier([parent])} = ${documentId}::uuid`);
    return found?.version;
  },
});
