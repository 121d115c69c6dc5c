import type { Actor, AuditEventMessage, AuditPayload, Change } from '@guildhall/contracts';

/** Who is calling, as the serving process established it. */
export interface Caller {
  readonly userId: string;
  readonly displayName: string;
  readonly actor: Actor;
}

/** What every event of one request says. */
export interface Request {
  readonly caller: Caller;
  readonly requestId: string;
}

export interface Deed {
  readonly action: string;
  readonly resource: AuditPayload['resource'];
  readonly communityId: string | null;
  readonly changes?: readonly Change[];
}

export interface EventParts {
  readonly newId: () => string;
  readonly now: () => Date;
  /** The service that events name as their source. */
  readonly service: string;
}

/** The event that tells of one deed of one request. */
export const auditEvent = (
  { newId, now, service }: EventParts,
  { caller, requestId }: Request,
  result: AuditPayload['result'],
  { action, resource, communityId, changes }: Deed,
): AuditEventMessage => ({
  id: newId(),
  kind: 'audit',
  occurredAt: now().toISOString(),
  payload: {
    actor: caller.actor,
    action,
    resource,
    ...(communityId === null ? {} : { communityId }),
    result,
    ...(changes === undefined || changes.length === 0 ? {} : { changes: [...changes] }),
    requestId,
    service,
  },
});
