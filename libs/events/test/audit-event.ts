import { randomUUID } from 'node:crypto';
import type { AuditEventMessage } from '@guildhall/contracts';

/** An event of team-resources: somebody changed a script. */
export const newAuditEvent = (action = 'script.update'): AuditEventMessage => ({
  id: randomUUID(),
  kind: 'audit',
  occurredAt: '2026-01-31T08:30:00.000Z',
  payload: {
    actor: { type: 'user', id: 'ada' },
    action,
    resource: { type: 'script', id: randomUUID() },
    result: 'success',
    requestId: 'r-1',
    service: 'team-resources',
  },
});
