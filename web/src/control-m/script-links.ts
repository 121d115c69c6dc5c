import { useQuery } from '@tanstack/react-query';
import { call } from '../api/call.ts';

const pagesMax = 50;

/** The scripts that jobs run, by the path of the job; null: the script is not in the workspace. */
const readLinks = async (workspaceId: string, scriptId?: string): Promise<ReadonlyMap<string, string | null>> => {
  const links = new Map<string, string | null>();
  let cursor: string | undefined;
  for (let page = 0; page < pagesMax; page += 1) {
    const query = { limit: 100, ...(cursor === undefined ? {} : { cursor }), ...(scriptId === undefined ? {} : { scriptId }) };
    const { items, nextCursor } = await call('listControlMLinks', { params: { workspaceId }, query });
    for (const link of items) links.set(link.path, link.scriptId);
    if (nextCursor === null) return links;
    cursor = nextCursor;
  }
  return links;
};

/** Reads which script each job of a workspace runs, or which jobs run one script. */
export const useScriptLinks = (workspaceId: string, scriptId?: string) =>
  useQuery({ queryKey: ['script-links', workspaceId, scriptId], queryFn: () => readLinks(workspaceId, scriptId) });
