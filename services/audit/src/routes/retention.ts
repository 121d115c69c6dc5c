import { auditRetentionRoutes } from '@guildhall/contracts';
import { serve, type Call } from '@guildhall/http';
import type { FastifyInstance } from 'fastify';
import type { Asker, Redaction, RetentionPolicy } from '../core/retention/retention.ts';

export interface RetentionRules {
  getRetention(asker: Asker): Promise<RetentionPolicy>;
  setRetention(asker: Asker, keepDays: number | null, version: number): Promise<RetentionPolicy>;
  redact(asker: Asker, redaction: Redaction): Promise<number>;
}

const askerOf = ({ caller, requestId }: Pick<Call, 'caller' | 'requestId'>): Asker => ({
  permissions: caller.permissions,
  actor: {
    type: 'user',
    id: caller.userId,
    sessionId: caller.sessionId,
    ip: caller.ip,
    ...(caller.userAgent === undefined ? {} : { userAgent: caller.userAgent }),
  },
  requestId,
});

export const addRetentionRoutes = (app: FastifyInstance, rules: RetentionRules): void => {
  serve(app, auditRetentionRoutes.getRetention, 'principal', async (call) => {
    const policy = await rules.getRetention(askerOf(call));
    return { body: policy, version: policy.version };
  });
  serve(app, auditRetentionRoutes.setRetention, 'principal', async (call) => {
    const policy = await rules.setRetention(askerOf(call), call.body.keepDays, call.ifMatch);
    return { body: policy, version: policy.version };
  });
  serve(app, auditRetentionRoutes.redactEvents, 'principal', async (call) => ({
    body: { removed: await rules.redact(askerOf(call), call.body) },
  }));
};
