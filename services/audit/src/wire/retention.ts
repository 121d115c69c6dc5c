import { randomUUID } from 'node:crypto';
import type { SharedDatabase } from '@guildhall/db';
import type { Logger } from '@guildhall/http';
import { createInternalSigner } from '@guildhall/principal';
import { createAccountEmails } from '../clients/account-emails.ts';
import { sha256, sha256Hex } from '../clients/sha256.ts';
import type { AuditConfig } from '../config.ts';
import type { Faults } from '../core/faults.ts';
import { holdsLeafHash } from '../core/log/integrity.ts';
import type { LogEntry } from '../core/log/log-reader.ts';
import { createGetRetention, createSetRetention } from '../core/retention/policy.ts';
import { createPrune } from '../core/retention/prune.ts';
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
  readonly faults: Pick<Faults, 'raise' | 'clear'>;
  readonly now: () => Date;
  readonly log: Logger;
}

const digestOf = (userId: string): string => `sha256:${sha256Hex(userId)}`;

const isGenuine = (entry: LogEntry): boolean => holdsLeafHash(sha256, entry);

/** The retention policy, the job that prunes by it, and redaction. */
export const startRetention = ({ config, database, takeEvents, isReady, faults, now, log }: StartRetentionParts) => {
  const { connection } = database;
  const parts = {
    policies: createRetentionPolicies(connection),
    events: createRemovableEvents(connection),
    rejected: createRemovableRejected(connection),
    takeEvents,
    isGenuine,
    now,
    keepDaysMin: config.keepDaysMin,
  };
  const signer = createInternalSigner({ identity: config.identity, now });
  const accounts = createAccountEmails({ authUrl: config.authUrl, signer });
  const prune = createPrune({ ...parts, newId: randomUUID });
  const pruning = startPruning({ prune, isReady, faults, log });
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
