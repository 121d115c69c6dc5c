import { row, sql, type Connection } from '@guildhall/db';
import type { PushedVersions } from '@guildhall/workspaces';
import { Type } from 'typebox';
import { schema } from './fragments.ts';
import { controlMFolderVersions, scriptVersions } from './tables.ts';

const FoundRow = row([scriptVersions, controlMFolderVersions], { version: Type.Integer() });

const tables = {
  script: { versions: 'script_versions', parent: 'script_id' },
  'control-m-folder': { versions: 'control_m_folder_versions', parent: 'control_m_folder_id' },
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
