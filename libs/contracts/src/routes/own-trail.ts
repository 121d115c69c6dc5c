import { pageFields } from '../fields.ts';
import { group } from '../route.ts';
import { auditFilters, AuditEventPage } from './audit.ts';
import { auditTag } from './tags.ts';

const { from, to, result } = auditFilters;

export const ownTrailRoutes = group(auditTag, {
  listOwnEvents: {
    method: 'GET',
    path: '/v1/auth/me/events',
    summary:
      'The own trail, newest first: what the caller did, by session or token, and what others did to their account, failed log-ins included. Where another user did it from is left out.',
    action: 'audit.read',
    subject: { type: 'audit-log', id: 'own' },
    query: { ...pageFields, from, to, result },
    responses: { 200: AuditEventPage },
  },
});
