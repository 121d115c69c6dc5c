import type { Actor, AuditEventMessage, AuditPayload, Change } from '@guildhall/contracts';
import { omitUndefined } from './omit-undefined.ts';

/** The audit record of an action as a rule describes it; the request adds who, when and with what result. */
export interface AuditDraft {
  /** The action, such as `script.update`. */
  readonly action: string;
  readonly resource: AuditPayload['resource'];
  /** Null or absent for what lies in no community. */
  readonly communityId?: string | null | undefined;
  readonly changes?: readonly Change[];
  /** Default: the actor of the request. */
  readonly actor?: Actor;
}

/**
 * Makes the audit drafts of one type of resource: actions `type.verb` on a resource with an id, a name that people know it by, and
 * a community.
 */
export const auditDraftsOf =
  <T extends { readonly id: string; readonly communityId: string | null }>(
    type: string,
    nameOf: (item: T) => string | undefined = () => undefined,
  ) =>
  (verb: string, item: T, changes: readonly Change[] = []): AuditDraft => ({
    action: `${type}.${verb}`,
    resource: { type, id: item.id, ...omitUndefined({ name: nameOf(item) }) },
    communityId: item.communityId,
    changes,
  });

/** The request that an action belongs to. */
export interface AuditSource {
  readonly actor: Actor;
  readonly requestId: string;
  /** The service that the event names as its source. */
  readonly service: string;
}

export interface AuditEventHead extends AuditSource {
  readonly id: string;
  /** ISO 8601 in UTC. */
  readonly at: string;
}

/** Builds the payload of an audit event: the only place that does. Empty changes are left out. */
export const auditPayload = (
  { actor, requestId, service }: AuditSource,
  result: AuditPayload['result'],
  { actor: otherActor, action, resource, communityId = null, changes = [] }: AuditDraft,
): AuditPayload => ({
  actor: otherActor ?? actor,
  action,
  resource,
  ...(communityId === null ? {} : { communityId }),
  result,
  ...(changes.length === 0 ? {} : { changes: [...changes] }),
  requestId,
  service,
});

/** Builds the message of an audit event around its payload: the only place that does. */
export const auditMessage = ({ id, at }: Pick<AuditEventHead, 'id' | 'at'>, payload: AuditPayload): AuditEventMessage => ({
  id,
  kind: 'audit',
  occurredAt: at,
  payload,
});

/** Builds an audit event. */
export const auditEvent = (
  { id, at, ...source }: AuditEventHead,
  result: AuditPayload['result'],
  draft: AuditDraft,
): AuditEventMessage => auditMessage({ id, at }, auditPayload(source, result, draft));
