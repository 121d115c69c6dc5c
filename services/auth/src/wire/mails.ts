import type { DatabaseLink } from '@guildhall/database-link';
import type { Logger, Metrics } from '@guildhall/http';
import { createInviteTokenOf } from '@guildhall/principal';
import { Counter } from 'prom-client';
import { createMailFolder } from '../clients/mail-folder.ts';
import { createSmtpMail } from '../clients/smtp-mail.ts';
import type { Vault } from '../clients/vault.ts';
import type { AuthConfig, MailConfig } from '../config.ts';
import { createQueueInviteMails, type QueueInviteMailParts } from '../core/invite-mails.ts';
import type { Mail, SealMail } from '../core/mails.ts';
import { createSendMails, MailRefused, type DeliverMail } from '../core/send-mails.ts';
import { startSendingMails } from '../jobs/send-mails.ts';
import { startTakingInviteMails } from '../jobs/take-invite-mails.ts';
import { createMailStore } from '../store/mails.ts';

const createPost = (mail: MailConfig, log: Logger): { readonly deliver: DeliverMail; close(): void } =>
  mail.kind === 'smtp' ? createSmtpMail(mail) : { deliver: createMailFolder({ ...mail, log }), close: () => {} };

/** Encrypts the mails in the queue, because they carry codes and tokens. */
export const createEnvelopes = (vault: Vault) => ({
  sealMail: ((id, mail) => vault.seal(JSON.stringify(mail), `mail ${id}`)) satisfies SealMail,
  openMail: (id: string, sealed: string): Mail => JSON.parse(vault.open(sealed, `mail ${id}`)) as Mail,
});

const countMailFailures = ({ registry }: Metrics) =>
  new Counter({
    name: 'guildhall_mail_failures_total',
    help: 'Tries to send a mail that failed, by what becomes of it: retried, or given_up because it was refused for good or has expired.',
    labelNames: ['outcome'],
    registers: [registry],
  });

const countUnverified = ({ registry }: Metrics): (() => void) => {
  const name = 'auth_events_unverified_total';
  const help = 'Deliveries that team-resources has not signed: forged or altered.';
  const counter = new Counter({ name, help, registers: [registry] });
  return () => counter.inc();
};

export interface MailJobParts {
  readonly config: Pick<AuthConfig, 'mail' | 'publicUrl' | 'internalKey' | 'identity'>;
  readonly databaseLink: DatabaseLink;
  readonly basics: Pick<QueueInviteMailParts, 'database' | 'hashes' | 'now' | 'random'>;
  readonly envelopes: ReturnType<typeof createEnvelopes>;
  readonly metrics: Metrics;
  readonly log: Logger;
}

/** Starts the jobs that take the requests of other services for mails, and send what waits. */
export const startMailJobs = ({ config, databaseLink, basics, envelopes, metrics, log }: MailJobParts) => {
  const { database: shared, isReady, onQueue } = databaseLink;
  const { sealMail, openMail } = envelopes;
  const { newId } = basics.random;
  const post = createPost(config.mail, log);
  const failures = countMailFailures(metrics);
  /** Whether the last mail was handed over: one that its receiver refused for good was. */
  let isMailWorking = true;
  const sendMails = createSendMails({
    waiting: createMailStore(shared.connection),
    openMail,
    deliver: post.deliver,
    now: basics.now,
    newId,
    onDelivered: () => {
      isMailWorking = true;
    },
    onFailure: ({ error, ...failure }) => {
      isMailWorking = error instanceof MailRefused;
      failures.inc({ outcome: failure.isGivenUp ? 'given_up' : 'retried' });
      log.warn({ err: error, ...failure }, 'a mail could not be sent');
    },
  });
  const sending = startSendingMails({ sendMails, log });
  const queueInviteMails = createQueueInviteMails({
    ...basics,
    publicUrl: config.publicUrl,
    inviteTokenOf: createInviteTokenOf(config.internalKey),
    sealMail,
    hasMailServer: config.mail.kind === 'smtp',
    onMailQueued: sending.wake,
  });
  const { inbox } = basics.database.stores;
  const { publicKeys } = config.identity;
  const taking = { queueInviteMails, inbox, newId, publicKeys, onUnverified: countUnverified(metrics), isReady, log };
  onQueue((queueUrl) => startTakingInviteMails({ ...taking, queueUrl }));
  return { sending, isMailWorking: () => isMailWorking, closePost: post.close };
};
