import { createHash } from 'node:crypto';
import type Sqlite from 'better-sqlite3';

/** A UUID that follows from a text: the same in every run. */
const idOf = (text: string): string => {
  const hex = createHash('sha256').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
};

const at = (minute: number): string => new Date(Date.UTC(2026, 0, 1, 0, minute, 0, 7)).toISOString();

export interface RowNumbers {
  readonly scripts: number;
  readonly folders: number;
}

/**
 * Fills a workspace of a solo file by SQL alone: every script with one to three versions, every fifth one deleted, every seventh from a
 * release that stored no digests; folders likewise, and a document for each tenth of them.
 */
export const fillSoloWorkspace = (sqlite: Sqlite.Database, workspaceId: string, { scripts, folders }: RowNumbers): void => {
  const insertScript = sqlite.prepare(
    `INSERT INTO scripts (id, workspace_id, name, language, content, created_by, version, created_at, updated_at, deleted_at, description, tags)
     VALUES (?, ?, ?, 'shell', ?, 'solo', ?, ?, ?, ?, ?, ?)`,
  );
  const insertVersion = sqlite.prepare(
    `INSERT INTO script_versions (id, script_id, version, name, language, content, note, restored_from, created_by, created_at, updated_at)
     VALUES (?, ?, ?, ?, 'shell', ?, ?, ?, 'solo', ?, ?)`,
  );
  const insertFolder = sqlite.prepare(
    `INSERT INTO control_m_folders (id, workspace_id, name, definition, job_count, created_by, version, created_at, updated_at, deleted_at)
     VALUES (?, ?, ?, ?, 1, 'solo', ?, ?, ?, ?)`,
  );
  const insertFolderVersion = sqlite.prepare(
    `INSERT INTO control_m_folder_versions (id, control_m_folder_id, version, name, definition, job_count, note, created_by, created_at, updated_at)
     VALUES (?, ?, ?, ?, ?, 1, ?, 'solo', ?, ?)`,
  );
  const insertDocument = sqlite.prepare(
    `INSERT INTO control_m_documents (id, workspace_id, name, source, folders, created_by, created_at, updated_at)
     VALUES (?, ?, ?, ?, ?, 'solo', ?, ?)`,
  );
  const insertDocumentVersion = sqlite.prepare(
    `INSERT INTO control_m_document_versions (id, control_m_document_id, version, name, source, folders, created_by, created_at, updated_at)
     VALUES (?, ?, 1, ?, ?, ?, 'solo', ?, ?)`,
  );
  const fillScript = (n: number): void => {
    const [id, last, isDeleted] = [idOf(`script ${n}`), 1 + (n % 3), n % 5 === 0];
    const contentOf = (version: number): string => `#!/bin/sh\n# né “${n}” \\ ${'x'.repeat(n % 97)}\necho ${version}\n`;
    insertScript.run(
      id,
      workspaceId,
      `script-${n}.sh`,
      contentOf(last),
      isDeleted ? last + 1 : last,
      at(n),
      at(n + last),
      isDeleted ? at(n + last) : null,
      n % 4 === 0 ? `What ${n} does` : '',
      JSON.stringify(n % 2 === 0 ? ['nightly', `tag ${n}`] : []),
    );
    for (let version = 1; version <= last; version += 1) {
      const note = version === 1 ? '' : `Save ${version}`;
      insertVersion.run(
        idOf(`script ${n} ${version}`),
        id,
        version,
        `script-${n}.sh`,
        contentOf(version),
        note,
        version === 3 ? 1 : null,
        at(n + version),
        at(n + version),
      );
    }
  };
  const fillFolder = (n: number): void => {
    const [id, isDeleted] = [idOf(`folder ${n}`), n % 5 === 0];
    const definition = `{"Type": "Folder", "Job${n}": {"Type": "Job:Dummy", "Priority": 1.50}}`;
    insertFolder.run(
      id,
      workspaceId,
      `FOLDER_${n - (n % 5 === 0 ? -1 : 0)}`,
      definition,
      isDeleted ? 2 : 1,
      at(n),
      at(n),
      isDeleted ? at(n) : null,
    );
    insertFolderVersion.run(idOf(`folder ${n} 1`), id, 1, `FOLDER_${n}`, definition, 'Imported', at(n), at(n));
    if (n % 10 !== 1) return;
    const source = `{"FOLDER_${n}": ${definition}} // kept\n`;
    const text = [`folder-${n}.json`, source, JSON.stringify({ [`FOLDER_${n}`]: id }), at(n), at(n)] as const;
    insertDocument.run(idOf(`document ${n}`), workspaceId, ...text);
    insertDocumentVersion.run(idOf(`document ${n} 1`), idOf(`document ${n}`), ...text);
  };
  sqlite.transaction(() => {
    sqlite
      .prepare(
        `INSERT INTO workspaces (id, name, description, created_by, version, created_at, updated_at) VALUES (?, 'Night', 'né', 'solo', 3, ?, ?)`,
      )
      .run(workspaceId, at(0), at(1));
    for (let n = 0; n < scripts; n += 1) fillScript(n);
    for (let n = 0; n < folders; n += 1) fillFolder(n);
  })();
};
