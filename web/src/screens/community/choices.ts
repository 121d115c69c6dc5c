import { call } from '../../api/call.ts';
import { useWhole } from '../../api/reading.ts';
import type { Choice } from '../../kit/form.tsx';
import type { Place } from './place.tsx';

const sort = 'name';

export const choiceOf = ({ id, name }: { readonly id: string; readonly name: string }): Choice => ({ value: id, label: name });

/** The councils of a community, as a form offers them. */
export const useCouncilChoices = ({ communityId, may }: Place): readonly Choice[] => {
  const params = { communityId };
  const read = useWhole(
    ['listCouncils', communityId],
    (page) => call('listCouncils', { params, query: { ...page, sort } }),
    may('council:read'),
  );
  return read.data?.map(choiceOf) ?? [];
};

/** The pools of a community. */
export const usePoolChoices = ({ communityId, may }: Place): readonly Choice[] => {
  const params = { communityId };
  const read = useWhole(
    ['listPools', communityId],
    (page) => call('listPools', { params, query: { ...page, sort } }),
    may('pool:read'),
  );
  return read.data?.map(choiceOf) ?? [];
};

/** The members of a community. */
export const useMemberChoices = ({ communityId, may }: Place): readonly Choice[] => {
  const params = { communityId };
  const read = useWhole(['listMembers', communityId], (page) => call('listMembers', { params, query: page }), may('member:read'));
  return read.data?.map(({ userId, displayName }) => ({ value: userId, label: displayName })) ?? [];
};

/** The roles of a community's own. */
export const useOwnRoleChoices = ({ communityId, may }: Place): readonly Choice[] => {
  const params = { communityId };
  const read = useWhole(
    ['listOwnRoles', communityId],
    (page) => call('listOwnRoles', { params, query: { ...page, sort } }),
    may('own-role:read'),
  );
  return read.data?.map(choiceOf) ?? [];
};
