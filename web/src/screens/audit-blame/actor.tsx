import { useRead } from '../../api/reading.ts';

interface ActorParts {
  readonly id: string;
  readonly communityId?: string | undefined;
}

/** The name of who did something, where the person may know it; the id beside it. */
export const Actor = ({ id, communityId }: ActorParts) => {
  const me = useRead('getMe', {});
  const mayReadUsers = me.data?.permissions.includes('user:read') === true;
  const member = useRead(
    'getMember',
    { params: { communityId: communityId ?? '', userId: id } },
    { isOn: communityId !== undefined },
  );
  const user = useRead('getUser', { params: { userId: id } }, { isOn: communityId === undefined && mayReadUsers });
  const name = member.data?.displayName ?? user.data?.displayName;
  return (
    <>
      {name === undefined ? null : `${name} `}
      <code>{id}</code>
    </>
  );
};
