import { AuditEventMessage } from '@guildhall/contracts';
import { Compile } from 'typebox/compile';

const check = Compile(AuditEventMessage);

/** The first reason why this is no audit event; null for a valid one. */
export const faultOfEvent = (raw: unknown): string | null => {
  if (check.Check(raw)) return null;
  const [first] = check.Errors(raw);
  return first === undefined ? 'it does not fit' : `${first.instancePath || '/'} ${first.message}`;
};
