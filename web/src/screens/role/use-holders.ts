import { useRead } from '../../api/reading.ts';

/** An account that holds roles: a person or a program. */
interface Holder {
  readonly id: string;
  readonly displayName: string;
  readonly roles: readonly string[];
}

export interface Holders {
  /** Undefined until both are read, or where the person may not read accounts. */
  readonly items: readonly (Holder & { readonly isService: boolean })[] | undefined;
  /** Whether there are more accounts than were looked at. */
  readonly isCut: boolean;
}

export const holdersMax = 100;
const limit = holdersMax;

/** The people and the programs that hold a global role. */
export const useHolders = (role: string, isOn: boolean): Holders => {
  const users = useRead('listUsers', { query: { role, limit, sort: 'name' } }, { isOn });
  const services = useRead('listServiceAccounts', { query: { limit } }, { isOn });
  if (users.data === undefined || services.data === undefined) return { items: undefined, isCut: false };
  const programs = services.data.items.filter(({ roles }) => roles.includes(role));
  return {
    items: [
      ...users.data.items.map(({ id, displayName, roles }) => ({ id, displayName, roles, isService: false })),
      ...programs.map(({ id, name, roles }) => ({ id, displayName: name, roles, isService: true })),
    ],
    isCut: users.data.nextCursor !== null || services.data.nextCursor !== null,
  };
};
