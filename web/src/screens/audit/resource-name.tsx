import type { AuditEvent } from '@guildhall/contracts';
import { AccountName } from '../../kit/account-name.tsx';

/** The types of resources whose ids are those of accounts. */
const accountTypes: ReadonlySet<string> = new Set(['user', 'member', 'service-account']);

/** A resource by its name, as the event tells it or, of an account, as it is called now; else by its id. */
export const ResourceName = ({ resource: { type, id, name } }: Pick<AuditEvent, 'resource'>) => {
  if (name === undefined && accountTypes.has(type)) return <AccountName id={id} />;
  return <span title={id}>{name ?? id}</span>;
};
