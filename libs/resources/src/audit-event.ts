import type { Actor, AuditEventMessage, AuditPayload, Change } from '@guildhall/contracts';

/** An action as a rule describes it for the audit trail; the request adds who, when and with what result. */
export interface AuditDraft {
  /** Such as `script.update`. */
  readonly action: string;
  readonly resource: AuditPayload['resource'];
  /** Null or absent for what lies in no community. */
  readonly communityId?: string | null | undefined;
  readonly changes?: readonly Change[];
  /** Default: the actor of the request. */
  readonly actor?: Actor;
}

export interface AuditEventHead {
  readonly id: string;
  /** ISO 8601 in UTC. */
  readonly at: string;
  readonly actor: Actor;
  readonly requestId: string;
  /** The service that the event names as its source. */
  readonly service: string;
}

/** Builds an audit event: the only place that does. Empty changes are left out. */
export const auditEvent = (
  { id, at, actor, requestId, service }: AuditEventHead,
  result: AuditPayload['result'],
  { actor: otherActor, action, resource, communityId = null, changes = [] }: AuditDraft,
): AuditEventMessage => ({
  id,
  kind: 'audit',
  occurredAt: at,
  payload: {
    actor: otherActor ?? actor,
    action,
    resource,
    ...(communityId === null ? {} : { communityId }),
    result,
    ...(changes.length === 0 ? {} : { changes: [...changes] }),
    requestId,
    service,
  },
});
