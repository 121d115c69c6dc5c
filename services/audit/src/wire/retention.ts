import { randomUUID } from 'node:crypto';
import type { SharedDatabase } from '@guildhall/db';
import type { Logger } from '@guildhall/http';
import { createInternalSigner } from '@guildhall/principal';
import { createAccountEmails } from '../clients/account-emails.ts';
import { sha256Hex } from '../clients/sha256.ts';
import type { AuditConfig } from '../config.ts';
import { createGetRetention, createPrune, createSetRetention, type RetentionParts } from '../core/retention/policy.ts';
import { createRedact } from '../core/retention/redact.ts';
import type { TakeEvents } from '../core/trail/take-events.ts';
import { startPruning } from '../jobs/prune.ts';
import type { RetentionRules } from '../routes/retention.ts';
import { createRemovableEvents, createRemovableRejected, createRetentionPolicies } from '../store/retention.ts';

export interface StartRetentionParts {
  readonly config: Pick<AuditConfig, 'keepDaysMin' | 'authUrl' | 'identity'>;
  readonly database: SharedDatabase;
  readonly takeEvents: TakeEvents;
  readonly isReady: () => boolean;
  readonly now: () => Date;
  readonly log: Logger;
}

const digestOf = (userId: string): string => `sha256:${sha256Hex(userId)}`;

/** The retention policy, the job that prunes by it, and redaction. */
export const startRetention = ({ config, database, takeEvents, isReady, now, log }: StartRetentionParts) => {
  const { connection } = database;
  const parts: RetentionParts = {
    policies: createRetentionPolicies(connection),
    events: createRemovableEvents(connection),
    rejected: createRemovableRejected(connection),
    takeEvents,
    newId: randomUUID,
    now,
    keepDaysMin: config.keepDaysMin,
  };
  const signer = createInternalSigner({ identity: config.identity, now });
  const accounts = createAccountEmails({ authUrl: config.authUrl, signer });
  const pruning = startPruning({ prune: createPrune(parts), isReady, log });
  const stopListening = database.onChange(({ status }) => {
    if (status === 'ready') pruning.wake();
  });
  const setRetention = createSetRetention(parts);
  const rules: RetentionRules = {
    getRetention: createGetRetention(parts),
    setRetention: async (...given) => {
      const replaced = await setRetention(...given);
      pruning.wake();
      return replaced;
    },
    redact: createRedact({ ...parts, emailsOf: accounts.emailsOf, digestOf }),
  };
  return {
    rules,
    close: async (): Promise<void> => {
      stopListening();
      await pruning.stop();
      await accounts.close();
    },
  };
};
