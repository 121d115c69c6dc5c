import type { ControlMNamingRule, SyncedDocument } from '@guildhall/contracts';
import { inOrder, stateOfDocument, tellingOf, type OwnDocument, type OwnVersion } from '@guildhall/workspaces';
import type Sqlite from 'better-sqlite3';
import type { SyncBasesRow, WorkspacesRow } from '../tables.ts';
import { sha256Of } from './document-versions.ts';

/** The rows of copies themselves, as synchronisation compares it with its base and writes it. */

type FoundRow = Pick<WorkspacesRow, 'id' | 'name' | 'description' | 'naming_rules' | 'version'> & {
  readonly [Column in 'own_version' | 'shared_version' | 'document']: SyncBasesRow[Column] | null;
};

const toDocument = ({ name, description, naming_rules: rules }: FoundRow): SyncedDocument => ({
  kind: 'workspace',
  name,
  description,
  namingRules: inOrder(JSON.parse(rules) as ControlMNamingRule[]),
});

const toStoredBase = ({ own_version: ownVersion, shared_version: sharedVersion, document }: FoundRow) => {
  if (ownVersion === null || sharedVersion === null || document === null) return null;
  return { ownVersion, sharedVersion, ...tellingOf(JSON.parse(document) as SyncedDocument) };
};

const toOwn = (row: FoundRow): OwnDocument => {
  const { id, name, version } = row;
  const [document, storedBase] = [toDocument(row), toStoredBase(row)];
  const before = storedBase?.document ?? null;
  const base = storedBase && before && { ...storedBase, state: stateOfDocument(before, sha256Of) };
  return {
    id,
    kind: 'workspace',
    name,
    mine: { version, state: stateOfDocument(document, sha256Of) },
    base,
    document,
    storedBase,
  };
};

/** The statements that read and write what copies say, each prepared once. */
export const syncedWorkspaceStatements = (sqlite: Sqlite.Database) => {
  const find = sqlite.prepare<[string], FoundRow>(
    `SELECT workspace.id, workspace.name, workspace.description, workspace.naming_rules, workspace.version,
            base.own_version, base.shared_version, base.document
     FROM workspaces AS workspace LEFT JOIN sync_bases AS base ON base.id = workspace.id
     WHERE workspace.id = ? AND workspace.deleted_at IS NULL`,
  );
  const save = sqlite.prepare<[string, string, string, string, string, number]>(
    `UPDATE workspaces SET name = ?, description = ?, naming_rules = ?, version = version + 1, updated_at = ?
     WHERE id = ? AND version = ? AND deleted_at IS NULL`,
  );
  return {
    find: (workspaceId: string): OwnDocument | undefined => {
      const row = find.get(workspaceId);
      return row === undefined ? undefined : toOwn(row);
    },
    /** The next version; undefined when another one is there. A workspace is not deleted. */
    put: (workspaceId: string, { document, ifVersion, at }: OwnVersion): number | undefined => {
      if (document?.kind !== 'workspace' || ifVersion === null) return undefined;
      const { name, description, namingRules } = document;
      const { changes } = save.run(name, description, JSON.stringify(inOrder(namingRules)), at, workspaceId, ifVersion);
      return changes === 1 ? ifVersion + 1 : undefined;
    },
  };
};
