import type { ScriptSummary, WorkspaceManifest } from '@guildhall/contracts';
import type { RequestContext } from '@guildhall/resources';
import { folderKind } from '../control-m-folders.ts';
import type { StoredControlM } from '../control-m/control-m-store.ts';
import { importedDocumentKind } from '../control-m/stored-documents.ts';
import type { DocumentKind } from '../documents.ts';
import type { WorkspaceParts } from '../parts.ts';
import { scriptKind } from '../scripts.ts';
import type { ScriptTypes } from '../workspace-store.ts';
import { pathsIn } from './archive-files.ts';
import {
  historyOf,
  lastVersions,
  namedHistory,
  scriptHistory,
  type ArchivedTypes,
  type LaterFile,
  type NamedHistory,
  type ScriptHistory,
} from './histories.ts';

/** The histories of everything in an archive. */

interface Exporting {
  readonly parts: WorkspaceParts;
  readonly context: RequestContext;
  readonly workspaceId: string;
}

type ScriptVersions = readonly ScriptTypes['versionSummary'][];

/** A script with its versions; none where no history is asked for. */
export interface VersionedScript {
  readonly script: ScriptSummary;
  readonly versions: ScriptVersions;
}

/** The versions of scripts. */
export const withVersions = async (
  { parts, context, workspaceId }: Exporting,
  scripts: readonly ScriptSummary[],
): Promise<readonly VersionedScript[]> => {
  const found: VersionedScript[] = [];
  for (const script of scripts) {
    found.push({ script, versions: await lastVersions(scriptKind(parts), context, { workspaceId, id: script.id }) });
  }
  return found;
};

/** The histories of scripts in their order, and the files of earlier versions. */
export const scriptHistories = ({ parts, context, workspaceId }: Exporting, scripts: readonly VersionedScript[]) => {
  const pathOf = pathsIn('history/scripts');
  const files: LaterFile[] = [];
  const histories = scripts.map(({ script: { id }, versions }): ScriptHistory | undefined => {
    const history = historyOf(scriptKind(parts), context, { workspaceId, id }, { versions, pathOf });
    files.push(...(history?.files ?? []));
    return history && scriptHistory(history);
  });
  return { histories, files };
};

const namedHistories = async <D extends ArchivedTypes>(
  kind: DocumentKind<D>,
  { context, workspaceId }: Exporting,
  rows: readonly { readonly id: string; readonly name: string }[],
  pathOf: (name: string) => string,
) => {
  const files: LaterFile[] = [];
  const histories: { readonly name: string; readonly history: NamedHistory }[] = [];
  for (const { id, name } of rows.toSorted((one, other) => (one.name < other.name ? -1 : 1))) {
    const path = { workspaceId, id };
    const history = historyOf(kind, context, path, { versions: await lastVersions(kind, context, path), pathOf });
    if (history === undefined) continue;
    files.push(...history.files);
    histories.push({ name, history: namedHistory(history) });
  }
  return { histories, files };
};

/**
 * The histories of folders, and of the imported documents with these names that were imported more than once: an import makes documents of
 * folders that came without.
 */
export const controlMHistories = async (
  exporting: Exporting,
  stored: StoredControlM,
  names: ReadonlySet<string>,
): Promise<{ readonly histories: NonNullable<WorkspaceManifest['histories']>; readonly files: readonly LaterFile[] }> => {
  const { parts } = exporting;
  const imported = stored.documents.filter(({ name }) => names.has(name));
  const folders = await namedHistories(folderKind(parts), exporting, stored.folders, pathsIn('history/folders'));
  const documents = await namedHistories(importedDocumentKind(parts), exporting, imported, pathsIn('history/documents'));
  return {
    histories: {
      folders: folders.histories,
      documents: documents.histories.filter(({ history }) => history.earlier.length > 0),
    },
    files: [...folders.files, ...documents.files],
  };
};
