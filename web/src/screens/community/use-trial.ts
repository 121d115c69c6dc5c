import type { ChangeImpact } from '@guildhall/contracts';
import { useState } from 'react';
import { useDo } from '../../api/reading.ts';

export const isImpact = (answer: object): answer is ChangeImpact => 'memberCount' in answer;

/** The query that tries a change in place of making it. */
export interface TrialQuery {
  readonly dryRun: true;
  readonly after?: string;
}

/** Tries a change, and keeps the pages of members that it was asked for. `attempt` answers null where there is nothing to try. */
export const useTrial = (attempt: (query: TrialQuery) => Promise<object | null>) => {
  const [members, setMembers] = useState<ChangeImpact['members']>([]);
  const trial = useDo(async (after: string | null) => {
    const answer = await attempt({ dryRun: true, ...(after === null ? {} : { after }) });
    if (answer === null || !isImpact(answer)) return null;
    setMembers(after === null ? answer.members : [...members, ...answer.members]);
    return answer;
  });
  return { trial, members };
};
