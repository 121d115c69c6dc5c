import { auditRetentionRoutes } from '@guildhall/contracts';
import { contextOf, serve } from '@guildhall/http';
import type { ContextParts, VersionCondition } from '@guildhall/resources';
import type { FastifyInstance } from 'fastify';
import type { SignedInContext } from '../core/request-context.ts';
import type { RetentionPolicy } from '../core/retention/policy.ts';
import type { Redacted, Redaction } from '../core/retention/redact.ts';

export interface RetentionRules {
  getRetention(context: SignedInContext): Promise<RetentionPolicy>;
  setRetention(context: SignedInContext, keepDays: number | null, ifMatch: VersionCondition): Promise<RetentionPolicy>;
  redact(context: SignedInContext, redaction: Redaction, isDryRun: boolean): Promise<Redacted>;
}

export const addRetentionRoutes = (app: FastifyInstance, parts: ContextParts, rules: RetentionRules): void => {
  serve(app, auditRetentionRoutes.getRetention, 'principal', async (call) => {
    const policy = await rules.getRetention(contextOf(parts, call));
    return { body: policy, version: policy.version };
  });
  serve(app, auditRetentionRoutes.setRetention, 'principal', async (call) => {
    const policy = await rules.setRetention(contextOf(parts, call), call.body.keepDays, call.ifMatch);
    return { body: policy, version: policy.version };
  });
  serve(app, auditRetentionRoutes.redactEvents, 'principal', async (call) => {
    const isDryRun = call.query.dryRun === 'true';
    return { body: { ...(await rules.redact(contextOf(parts, call), call.body, isDryRun)), isDryRun } };
  });
};
