import { internalRoutes, type AuditLogRepair, type AuditLogRepairRequest } from '@guildhall/contracts';
import { answerOf, createInternalClient } from '@guildhall/http';
import type { InternalSigner } from '@guildhall/principal';
import type { AuditRepairs } from '../core/witness/accept-log.ts';

export interface AuditRepairsParts {
  readonly auditUrl: string;
  readonly signer: InternalSigner;
}

const timeoutMs = 30_000;
const { method, path, responses } = internalRoutes.repairAuditLog;
const Answer = answerOf(responses[200]);

/** Repairs of the audit log, asked of audit. */
export const createAuditRepairs = ({ auditUrl, signer }: AuditRepairsParts): AuditRepairs & { close(): Promise<void> } => {
  const client = createInternalClient({ baseUrl: auditUrl, service: 'audit', signer, timeoutMs });
  return {
    repair: (body: AuditLogRepairRequest): Promise<AuditLogRepair> => client.call({ method, path, body, answer: Answer }),
    close: () => client.close(),
  };
};
