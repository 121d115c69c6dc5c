import { call } from '../../api/call.ts';
import { beginBlame, goBack, type JobBlame } from '../../control-m/job-blame.ts';

/** The most versions that are gone through. */
export const versionsMax = 50;

interface Asked {
  readonly workspaceId: string;
  readonly folderId: string;
  readonly path: string;
}

/** Goes through the versions of a folder, newest first, until it is known who set each property of a job. Throws a ProblemError. */
export const readJobBlame = async ({ workspaceId, folderId, path }: Asked): Promise<JobBlame> => {
  const params = { workspaceId, folderId };
  const { items, nextCursor } = await call('listControlMFolderVersions', { params, query: { limit: versionsMax } });
  let blame = beginBlame(path);
  for (const [index, { version: from }] of items.slice(1).entries()) {
    if (blame.origin !== null) return blame;
    const to = items[index]?.version ?? from;
    blame = goBack(blame, await call('compareControlMFolderVersionsByJob', { params, query: { from, to } }));
  }
  // The first version has none before it: what was there came with it.
  const first = nextCursor === null ? (items.at(-1) ?? null) : null;
  return { ...blame, origin: blame.origin ?? first };
};
