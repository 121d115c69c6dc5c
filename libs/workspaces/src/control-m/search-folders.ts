import type { ControlMFolderSummary } from '@guildhall/contracts';
import { AppError } from '@guildhall/errors';
import { cursorOf, pageRequest, readPosition, requireFound, toPage, type Page } from '@guildhall/resources';
import type { ListQuery } from '../documents.ts';
import type { StoredFolder } from '../workspace-store.ts';
import type { ControlMStore } from './control-m-store.ts';

/** The bodies of names and texts that a search compares: any case of any alphabet. */
const contains = (text: string, sought: string): boolean => text.toLowerCase().includes(sought);

const summaryOf = ({ definition: _definition, ...summary }: StoredFolder): ControlMFolderSummary => summary;

const positionOf = ({ createdAt, id }: { readonly createdAt: string; readonly id: string }): string => `${createdAt} ${id}`;

/**
 * A page of the folders of a workspace whose name or definition contains a text, newest first. It reads all folders of the workspace.
 * Throws NOT_FOUND, INVALID, UNPROCESSABLE.
 */
export const searchFolders = async (
  store: ControlMStore,
  userId: string,
  { workspaceId, q, query }: { readonly workspaceId: string; readonly q: string; readonly query: ListQuery },
): Promise<Page<ControlMFolderSummary>> => {
  if (query.state !== undefined) {
    const errors = [{ path: '/q', message: 'searches folders that are there: ask for deleted ones without it' }];
    throw new AppError('INVALID', 'The query does not fit this operation.', { errors });
  }
  const { limit, after } = pageRequest(query, readPosition);
  const { folders } = await requireFound('workspace', store.readAll(userId, workspaceId));
  const sought = q.toLowerCase();
  const found = folders.filter(
    (folder) =>
      (after === null || positionOf(folder) < positionOf(after)) &&
      (contains(folder.name, sought) || contains(folder.definition, sought)),
  );
  return toPage(found.slice(0, limit).map(summaryOf), query, cursorOf);
};
