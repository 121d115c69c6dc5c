import type { Logger } from '@guildhall/http';
import { repeat, type Repeated } from '@guildhall/repeat';

const everyMs = 1_000;
/** Called while the database is not ready. */
const afterErrorMs = 200;

/** Sends waiting mails once a second, and at once when woken after a commit. */
export const startSendingMails = ({
  sendMails,
  log,
}: {
  readonly sendMails: () => Promise<void>;
  readonly log: Logger;
}): Repeated =>
  repeat({
    everyMs,
    afterErrorMs,
    task: sendMails,
    onError: (error) => log.debug({ err: error }, 'queued mails could not be read'),
  });
