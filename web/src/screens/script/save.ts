import type { Script } from '@guildhall/contracts';
import { call } from '../../api/call.ts';
import { ProblemError } from '../../api/problem.ts';

/** The result of a save: the new version, or the one that somebody else saved before. */
export type Saved = { readonly script: Script } | { readonly theirs: Script };

const paramsOf = ({ workspaceId, id }: Script) => ({ workspaceId, scriptId: id });

/** Saves a text on top of a version. Where that is not the last one any more, nothing is saved, and the last one is returned. */
export const saveScript = async (base: Script, content: string, note: string): Promise<Saved> => {
  try {
    const body = { content, ...(note === '' ? {} : { note }) };
    const answer = await call('updateScript', { params: paramsOf(base), version: base.version, body });
    return { script: answer as Script };
  } catch (error) {
    if (!(error instanceof ProblemError) || error.code !== 'VERSION_MISMATCH') throw error;
    return { theirs: await call('getScript', { params: paramsOf(base) }) };
  }
};
