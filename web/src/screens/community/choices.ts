import { useRead } from '../../api/reading.ts';
import type { Choice } from '../../kit/form.tsx';
import type { Place } from './place.tsx';

const limit = 100;

export const choiceOf = ({ id, name }: { readonly id: string; readonly name: string }): Choice => ({ value: id, label: name });

/** The councils of a community, as a form offers them. */
export const useCouncilChoices = ({ communityId, may }: Place): readonly Choice[] => {
  const read = useRead(
    'listCouncils',
    { params: { communityId }, query: { limit, sort: 'name' } },
    { isOn: may('council:read') },
  );
  return read.data?.items.map(choiceOf) ?? [];
};

/** The pools of a community. */
export const usePoolChoices = ({ communityId, may }: Place): readonly Choice[] => {
  const read = useRead('listPools', { params: { communityId }, query: { limit, sort: 'name' } }, { isOn: may('pool:read') });
  return read.data?.items.map(choiceOf) ?? [];
};

/** The members of a community. */
export const useMemberChoices = ({ communityId, may }: Place): readonly Choice[] => {
  const read = useRead('listMembers', { params: { communityId }, query: { limit } }, { isOn: may('member:read') });
  return read.data?.items.map(({ userId, displayName }) => ({ value: userId, label: displayName })) ?? [];
};

/** The roles of a community's own. */
export const useOwnRoleChoices = ({ communityId, may }: Place): readonly Choice[] => {
  const read = useRead(
    'listOwnRoles',
    { params: { communityId }, query: { limit, sort: 'name' } },
    { isOn: may('own-role:read') },
  );
  return read.data?.items.map(choiceOf) ?? [];
};
