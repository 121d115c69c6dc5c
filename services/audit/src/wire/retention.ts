import { createHash, randomUUID } from 'node:crypto';
import type { SharedDatabase } from '@guildhall/db';
import type { Logger } from '@guildhall/http';
import {
  createGetRetention,
  createPrune,
  createRedact,
  createSetRetention,
  type RetentionParts,
} from '../core/retention/retention.ts';
import type { TakeEvents } from '../core/trail/take-events.ts';
import { startPruning } from '../jobs/prune.ts';
import type { RetentionRules } from '../routes/retention.ts';
import { createRemovableEvents, createRetentionPolicies } from '../store/retention.ts';

export interface StartRetentionParts {
  readonly database: SharedDatabase;
  readonly takeEvents: TakeEvents;
  readonly isReady: () => boolean;
  readonly now: () => Date;
  readonly log: Logger;
}

/** The policy, what it removes by itself, and what is removed on request. */
export const startRetention = ({ database, takeEvents, isReady, now, log }: StartRetentionParts) => {
  const parts: RetentionParts = {
    policies: createRetentionPolicies(database.connection),
    removable: createRemovableEvents(database.connection),
    takeEvents,
    newId: randomUUID,
    now,
    digestOf: (userId) => `sha256:${createHash('sha256').update(userId).digest('hex')}`,
  };
  const pruning = startPruning({ prune: createPrune(parts), isReady, log });
  const stopListening = database.onChange(({ status }) => {
    if (status === 'ready') pruning.nudge();
  });
  const setRetention = createSetRetention(parts);
  const rules: RetentionRules = {
    getRetention: createGetRetention(parts),
    setRetention: async (...given) => {
      const set = await setRetention(...given);
      pruning.nudge();
      return set;
    },
    redact: createRedact(parts),
  };
  return {
    rules,
    close: async (): Promise<void> => {
      stopListening();
      await pruning.stop();
    },
  };
};
