import { createHash, randomUUID } from 'node:crypto';
import type { ImportedWorkspace, WorkspaceCounts, WorkspaceRows } from '@guildhall/contracts';

/** A solo workspace as the gateway sends it to be imported. */
export interface SoloWorkspace {
  readonly id: string;
  readonly workspace: ImportedWorkspace;
  readonly rows: WorkspaceRows;
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const at = (minute: number): string => new Date(Date.UTC(2026, 0, 31, 8, minute, 0, 123)).toISOString();

const script = (name: string, version: number, deletedAt: string | null) => ({
  id: randomUUID(),
  name,
  language: 'shell',
  description: 'Loads “orders”.',
  tags: ['nightly', 'a "quoted", one'],
  content: `echo ${version} 'né' \\ "x"\n`,
  version,
  createdAt: at(1),
  updatedAt: at(version),
  deletedAt,
});

const folder = (name: string, version: number, deletedAt: string | null) => ({
  id: randomUUID(),
  name,
  definition: '{"Type":"Folder", "Load": {"Type":"Job:Dummy"}}',
  jobCount: 1,
  version,
  createdAt: at(1),
  updatedAt: at(version),
  deletedAt,
});

const importedDocument = (name: string, version: number, { id, definition }: Folder, deletedAt: string | null) => ({
  id: randomUUID(),
  name,
  source: `{"NIGHT": ${definition}} // né\n`,
  folders: JSON.stringify({ NIGHT: id }),
  version,
  createdAt: at(1),
  updatedAt: at(version),
  deletedAt,
});

type Script = ReturnType<typeof script>;
type Folder = ReturnType<typeof folder>;
type ImportedDocument = ReturnType<typeof importedDocument>;

const versionOf = (version: number) => ({
  id: randomUUID(),
  version,
  createdAt: at(version),
  updatedAt: at(version),
  note: version === 1 ? '' : `Save ${version}`,
  restoredFrom: version === 3 ? 1 : null,
});
const scriptVersion = ({ id, name, language }: Script, version: number) => ({
  ...versionOf(version),
  scriptId: id,
  name,
  language,
  content: `echo ${version} 'né' \\ "x"\n`,
});
const folderVersion = ({ id, name, definition, jobCount }: Folder, version: number) => ({
  ...versionOf(version),
  controlMFolderId: id,
  name,
  definition,
  jobCount,
});

const importedVersion = ({ id, name, source, folders }: ImportedDocument, version: number) => ({
  ...versionOf(version),
  controlMDocumentId: id,
  name,
  source,
  folders,
});

/** A workspace with histories, a deleted script, and a deleted folder and document whose names others have. */
export const soloWorkspace = (): SoloWorkspace => {
  const [kept, gone] = [script('load.sh', 3, null), script('old.sh', 2, at(2))];
  const [night, formerNight] = [folder('NIGHT', 1, null), folder('NIGHT', 2, at(2))];
  const [imported, formerImport] = [
    importedDocument('night.json', 2, night, null),
    importedDocument('night.json', 2, formerNight, at(2)),
  ];
  return {
    id: randomUUID(),
    workspace: {
      name: 'Night batch',
      description: 'From midnight.',
      namingRules: [{ appliesTo: 'job', forms: ['ORD_*'] }],
      version: 4,
      createdAt: at(0),
      updatedAt: at(4),
    },
    rows: {
      scripts: [kept, gone],
      scriptVersions: [...[1, 2, 3].map((version) => scriptVersion(kept, version)), scriptVersion(gone, 1)],
      controlMFolders: [night, formerNight],
      controlMFolderVersions: [folderVersion(night, 1), folderVersion(formerNight, 1)],
      controlMDocuments: [imported, formerImport],
      controlMDocumentVersions: [importedVersion(imported, 1), importedVersion(imported, 2), importedVersion(formerImport, 1)],
    },
  };
};

export const noRows: WorkspaceRows = {
  scripts: [],
  scriptVersions: [],
  controlMFolders: [],
  controlMFolderVersions: [],
  controlMDocuments: [],
  controlMDocumentVersions: [],
};

const digestOf = (lines: readonly (readonly [id: string, line: string])[]): string =>
  sha256(
    lines
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .map(([, line]) => `${line}\n`)
      .join(''),
  );

const savedLine = (text: string, { id, version }: { readonly id: string; readonly version: number }) =>
  [id, `${id} ${version} ${sha256(text)}`] as const;
const documentLine = (
  text: string,
  document: { readonly id: string; readonly version: number; readonly deletedAt: string | null },
) => [document.id, `${savedLine(text, document)[1]} ${document.deletedAt === null ? 'kept' : 'deleted'}`] as const;

/** The counts and the digest with which an import of these rows is completed. */
export const contentsOf = (rows: WorkspaceRows): { readonly counts: WorkspaceCounts; readonly sha256: string } => ({
  counts: {
    scripts: rows.scripts.length,
    scriptVersions: rows.scriptVersions.length,
    controlMFolders: rows.controlMFolders.length,
    controlMFolderVersions: rows.controlMFolderVersions.length,
    controlMDocuments: rows.controlMDocuments.length,
    controlMDocumentVersions: rows.controlMDocumentVersions.length,
  },
  sha256: sha256(
    [
      digestOf(rows.scripts.map((each) => documentLine(each.content, each))),
      digestOf(rows.scriptVersions.map((each) => savedLine(each.content, each))),
      digestOf(rows.controlMFolders.map((each) => documentLine(each.definition, each))),
      digestOf(rows.controlMFolderVersions.map((each) => savedLine(each.definition, each))),
      digestOf(rows.controlMDocuments.map((each) => documentLine(each.source, each))),
      digestOf(rows.controlMDocumentVersions.map((each) => savedLine(each.source, each))),
    ].join('\n'),
  ),
});
