import { createConsumer, type Consumer } from '@guildhall/events';
import type { Logger } from '@guildhall/http';
import type { AppUserStore } from '../core/app-users.ts';

export interface RecordUsersParts {
  readonly queueUrl: string;
  readonly appUsers: Pick<AppUserStore, 'record'>;
  readonly isReady: () => boolean;
  readonly log: Logger;
}

/** Takes auth's events of changed users and keeps the newest version of each. */
export const startRecordingUsers = ({ queueUrl, appUsers, isReady, log }: RecordUsersParts): Consumer =>
  createConsumer({ queueUrl, kind: 'user-changed', handle: (messages) => appUsers.record(messages), isReady, log });
