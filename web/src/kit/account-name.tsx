import { useRead } from '../api/reading.ts';

const isAccountId = (id: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id);

interface AccountParts {
  readonly id: string;
  /** The community whose members the person may know, where it is about one. */
  readonly communityId?: string | undefined;
}

/** The name of an account, where the person may know it; undefined else, and for what is no account. */
export const useAccountName = ({ id, communityId }: AccountParts): string | undefined => {
  const me = useRead('getMe', {});
  const mayReadUsers = me.data?.permissions.includes('user:read') === true;
  const member = useRead(
    'getMember',
    { params: { communityId: communityId ?? '', userId: id } },
    { isOn: communityId !== undefined && isAccountId(id) },
  );
  const user = useRead(
    'getUser',
    { params: { userId: id } },
    { isOn: communityId === undefined && mayReadUsers && isAccountId(id) },
  );
  const own = me.data?.id === id ? me.data.displayName : undefined;
  return own ?? member.data?.displayName ?? user.data?.displayName;
};

/** An account by its name, where the person may know it, else by its id, which also stands behind the name. */
export const AccountName = (parts: AccountParts) => {
  const name = useAccountName(parts);
  return <span title={parts.id}>{name ?? parts.id}</span>;
};
