import type { LoggedEvent } from '../log/leaf.ts';
import { mentions, namesPerson } from './person.ts';

export interface ProtectionParts {
  /** The user who redacts. */
  readonly callerId: string;
  /** Role changes and sessions recorded after this moment (ISO 8601) stay. */
  readonly recentSince: string;
}

/**
 * True if an event must survive a redaction, so that nobody removes their own traces: it names the caller, concerns the trail
 * itself (`audit.*`), a recent session, or a role that was granted or revoked.
 */
export const createIsProtected = ({ callerId, recentSince }: ProtectionParts): ((event: LoggedEvent) => boolean) => {
  const namesCaller = namesPerson({ userId: callerId, emails: [] });
  const isRecentEvidence = ({ action, result, recordedAt }: LoggedEvent): boolean =>
    recordedAt > recentSince && (action.startsWith('session.') || (action.startsWith('role.') && result === 'success'));
  return (event) => event.action.startsWith('audit.') || namesCaller(event) || isRecentEvidence(event);
};

const actionIn = (raw: unknown): unknown => (raw as { payload?: { action?: unknown } | null } | null)?.payload?.action;

/** True if a dead letter, which may contain anything, must survive a redaction. */
export const createIsProtectedRaw = ({ callerId }: Pick<ProtectionParts, 'callerId'>): ((raw: unknown) => boolean) => {
  const namesCaller = mentions({ userId: callerId, emails: [] });
  return (raw) => String(actionIn(raw)).startsWith('audit.') || namesCaller(raw);
};
