import { randomUUID } from 'node:crypto';
import type { AuditEventMessage } from '@guildhall/contracts';

/** An audit event for a write that a test makes through a store. */
export const anyEvent = (action = 'test.write'): AuditEventMessage => ({
  id: randomUUID(),
  kind: 'audit',
  occurredAt: '2026-01-31T08:30:00.000Z',
  payload: {
    actor: { type: 'user', id: 'x' },
    action,
    resource: { type: 'test', id: 'x' },
    result: 'success',
    requestId: 'x',
    service: 'test',
  },
});
