import { archiveVersionsMax, type WorkspaceManifest } from '@guildhall/contracts';
import { requireFound, type RequestContext } from '@guildhall/resources';
import type { DocumentKind, DocumentPath } from '../documents.ts';
import type { DocumentTypes, ScriptTypes } from '../workspace-store.ts';

/** The histories of what is in an archive: its last versions, without who saved them. */

export type ScriptHistory = NonNullable<WorkspaceManifest['scripts'][number]['history']>;
export type NamedHistory = NonNullable<WorkspaceManifest['histories']>['folders'][number]['history'];
export type Earlier = NamedHistory['earlier'][number];

/** The kinds of document whose versions an archive can hold. */
export interface ArchivedTypes extends DocumentTypes {
  readonly version: DocumentTypes['version'] & Readonly<Record<'name' | 'note' | 'createdAt', string>>;
  readonly versionSummary: DocumentTypes['versionSummary'] &
    Readonly<Record<'name' | 'note' | 'createdAt' | 'sha256', string>> & {
      readonly sizeBytes: number;
      readonly restoredFrom: number | null;
    };
}

/** A file of an archive that is yet to be read. */
export interface LaterFile {
  readonly path: string;
  readonly sizeBytes: number;
  readonly read: () => Promise<string>;
}

/** The history of a document, and the files of its earlier versions. */
export interface ArchivedHistory<Summary> {
  readonly earlier: readonly (Earlier & { readonly summary: Summary })[];
  readonly last: NamedHistory['last'];
  readonly files: readonly LaterFile[];
}

/** The last versions of a document, oldest first, without their texts. */
export const lastVersions = async <D extends ArchivedTypes>(
  { store }: DocumentKind<D>,
  { caller }: RequestContext,
  { workspaceId, id }: DocumentPath,
): Promise<readonly D['versionSummary'][]> => {
  const page = { limit: archiveVersionsMax + 1, after: null };
  const listed: readonly D['versionSummary'][] = (await store.listVersions(caller.userId, workspaceId, id, page)) ?? [];
  return listed.toReversed();
};

/** The history that versions make; undefined where there are none. */
export const historyOf = <D extends ArchivedTypes>(
  { store, textOf }: DocumentKind<D>,
  { caller }: RequestContext,
  { workspaceId, id }: DocumentPath,
  { versions, pathOf }: { readonly versions: readonly D['versionSummary'][]; readonly pathOf: (name: string) => string },
): ArchivedHistory<D['versionSummary']> | undefined => {
  const last = versions.at(-1);
  if (last === undefined) return undefined;
  const placeOf = (version: number | null): number | null => {
    const place = versions.findIndex((one) => one.version === version);
    return place === -1 ? null : place + 1;
  };
  const savedOf = ({ note, createdAt, restoredFrom }: D['versionSummary']) => {
    return { note, savedAt: createdAt, restoredFrom: placeOf(restoredFrom) };
  };
  const earlier = versions.slice(0, -1).map((summary, index) => {
    const { name, sha256 } = summary;
    return { path: pathOf(`${index + 1}.${name}`), sha256, name, ...savedOf(summary), summary };
  });
  const files = earlier.map(({ path, summary: { version, sizeBytes } }) => {
    const read = async () => textOf(await requireFound('version', store.findVersion(caller.userId, workspaceId, id, version)));
    return { path, sizeBytes, read };
  });
  return { earlier, last: savedOf(last), files };
};

/** A history as the manifest has it. */
export const namedHistory = ({ earlier, last }: ArchivedHistory<unknown>): NamedHistory => ({
  earlier: earlier.map(({ summary: _summary, ...saved }) => saved),
  last,
});

export const scriptHistory = ({ earlier, last }: ArchivedHistory<ScriptTypes['versionSummary']>): ScriptHistory => ({
  earlier: earlier.map(({ summary: { language }, ...saved }) => ({ ...saved, language })),
  last,
});
