import { useRead } from '../../api/reading.ts';
import type { Choice } from '../../kit/form.tsx';
import type { Place } from './place.tsx';

const limit = 100;

/** The councils of a community, as a form offers them. */
export const useCouncilChoices = ({ communityId, may }: Place): readonly Choice[] => {
  const read = useRead(
    'listCouncils',
    { params: { communityId }, query: { limit, sort: 'name' } },
    { isOn: may('council:read') },
  );
  return read.data?.items.map(({ id, name }) => ({ value: id, label: name })) ?? [];
};

/** The pools of a community. */
export const usePoolChoices = ({ communityId, may }: Place): readonly Choice[] => {
  const read = useRead('listPools', { params: { communityId }, query: { limit, sort: 'name' } }, { isOn: may('pool:read') });
  return read.data?.items.map(({ id, name }) => ({ value: id, label: name })) ?? [];
};

/** The members of a community. */
export const useMemberChoices = ({ communityId, may }: Place): readonly Choice[] => {
  const read = useRead('listMembers', { params: { communityId }, query: { limit } }, { isOn: may('member:read') });
  return read.data?.items.map(({ userId, displayName }) => ({ value: userId, label: displayName })) ?? [];
};
