import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { createAttachment, type Attachment } from '@guildhall/attachment';
import { createOutboxStore } from '@guildhall/db';
import { startOutboxRelay } from '@guildhall/events';
import { afterChanges, createLog, foldRefusals, createMetrics, createMissingEvents, listen, type Logger } from '@guildhall/http';
import { createInternalSigner, createInternalVerifier } from '@guildhall/principal';
import { createApp, type AuthRules } from './app.ts';
import { createAccessTokens } from './clients/access-tokens.ts';
import { createBcryptPool, type BcryptPool } from './clients/bcrypt-pool.ts';
import { chance } from './clients/chance.ts';
import { createMailFolder } from './clients/mail-folder.ts';
import { createSetupTokenFile } from './clients/setup-token-file.ts';
import { createSmtpMail } from './clients/smtp-mail.ts';
import { createDigests, createVault, type Vault } from './clients/vault.ts';
import type { AuthConfig, MailConfig } from './config.ts';
import { createSendCode, createVerifyCode, type CodeParts } from './core/verify-email.ts';
import { codeAttemptsMax } from './core/limits.ts';
import { createLogIn, type LogInParts } from './core/log-in.ts';
import { createMakeFirstOwner } from './core/first-owner.ts';
import type { Mail } from './core/mails.ts';
import {
  createListRevoked,
  createListSessions,
  createLogOut,
  createRevokeOtherSessions,
  createRevokeSession,
  type RevocationParts,
} from './core/manage-sessions.ts';
import { createGetMe, createRenameMe } from './core/me.ts';
import { createRefresh } from './core/refresh.ts';
import { createRegister, type RegisterParts } from './core/register.ts';
import { createAssignRole, createListRoles, createRemoveRole } from './core/manage-roles.ts';
import { createSendMails, type DeliverMail } from './core/send-mails.ts';
import { createMakeSetupToken } from './core/make-setup-token.ts';
import { startAnnouncingSetupToken } from './jobs/announce-setup-token.ts';
import { startPurging } from './jobs/purge.ts';
import { startSendingMails } from './jobs/send-mails.ts';
import { createMailStore } from './store/mails.ts';
import { createPurges } from './store/purge.ts';
import { createSigningKeyStore } from './store/signing-keys.ts';
import { createDatabase, schema } from './store/stores.ts';

export interface AuthParts {
  readonly now: () => Date;
  readonly log: Logger;
  readonly passwords: BcryptPool;
}

export interface Auth {
  readonly url: string;
  close(): Promise<void>;
}

const migrationsFolder = path.resolve(import.meta.dirname, '../migrations');
const commonPasswordsFile = path.resolve(import.meta.dirname, 'common-passwords.txt');

const readCommonPasswords = async (): Promise<ReadonlySet<string>> =>
  new Set((await readFile(commonPasswordsFile, 'utf8')).split('\n').filter((line) => line !== ''));

const createPost = (mail: MailConfig, log: Logger): { readonly deliver: DeliverMail; close(): void } =>
  mail.kind === 'smtp' ? createSmtpMail(mail) : { deliver: createMailFolder({ ...mail, log }), close: () => {} };

/** Mails are sealed where they wait: they carry codes. */
const createEnvelopes = (vault: Vault) => ({
  sealMail: (id: string, mail: Mail): string => vault.seal(JSON.stringify(mail), `mail ${id}`),
  openMail: (id: string, sealed: string): Mail => JSON.parse(vault.open(sealed, `mail ${id}`)) as Mail,
});

interface JobParts {
  readonly config: AuthConfig;
  readonly attachment: Attachment;
  readonly rules: Parameters<typeof createMakeSetupToken>[0];
  readonly openMail: (id: string, sealed: string) => Mail;
  readonly log: Logger;
}

/** What runs without a request. */
const startJobs = ({ config, attachment, rules, openMail, log }: JobParts) => {
  const { database: shared, isReady } = attachment;
  const { database, now } = rules;
  const post = createPost(config.mail, log);
  const sendMails = createSendMails({
    waiting: createMailStore(shared.connection),
    openMail,
    deliver: post.deliver,
    now,
    onFailure: ({ error, ...failure }) => log.warn({ err: error, ...failure }, 'a mail could not be sent'),
  });
  const sending = startSendingMails({ sendMails, log });
  const purging = startPurging({ steps: createPurges(shared.connection), now, log });
  const announcing = startAnnouncingSetupToken({
    isWanted: () => attachment.state().source === 'environment',
    hasOwner: () => database.stores.setupTokens.hasOwner(),
    makeSetupToken: createMakeSetupToken(rules),
    file: createSetupTokenFile(config.setupTokenFile),
    announce: (token, expiresAt) => log.warn(`Setup token for the first owner, good until ${expiresAt.toISOString()}: ${token}`),
    now,
    onError: (error) => log.debug({ err: error }, 'no setup token can be made now'),
  });
  const missing = createMissingEvents({
    urls: { audit: config.auditUrl, 'team-resources': config.teamResourcesUrl },
    signer: createInternalSigner({ key: config.internalKey, issuer: 'auth', now }),
  });
  const outbox = createOutboxStore(shared.connection, schema);
  const relaying = attachment.onQueue((queueUrl) =>
    startOutboxRelay({
      queueUrl,
      outbox,
      kinds: ['audit', 'user-changed'],
      ownerId: `auth ${chance.newId()}`,
      confirm: missing.find,
      isReady,
      log,
    }),
  );
  shared.onChange(({ status }) => {
    if (status === 'ready') for (const job of [announcing, sending, purging]) job.nudge();
  });
  return {
    mailsAreWaiting: () => sending.nudge(),
    eventsAreWaiting: () => relaying()?.nudge(),
    ownerIsThere: () => announcing.nudge(),
    async close() {
      await Promise.all([sending.stop(), purging.stop(), announcing.stop()]);
      await attachment.close();
      post.close();
      await missing.close();
    },
  };
};

interface RuleParts extends RegisterParts, LogInParts, CodeParts, RevocationParts {
  readonly publicKeys: AuthRules['publicKeys'];
  readonly outboxDepth: AuthRules['outboxDepth'];
}

const createRules = ({ publicKeys, outboxDepth, ...parts }: RuleParts): AuthRules => ({
  register: createRegister(parts),
  sendCode: createSendCode(parts),
  verifyCode: createVerifyCode(parts),
  logIn: createLogIn(parts),
  refresh: createRefresh(parts),
  publicKeys,
  getMe: createGetMe(parts),
  renameMe: createRenameMe(parts),
  logOut: createLogOut(parts),
  listSessions: createListSessions(parts),
  revokeSession: createRevokeSession(parts),
  revokeOtherSessions: createRevokeOtherSessions(parts),
  listRoles: createListRoles(parts),
  assignRole: createAssignRole(parts),
  removeRole: createRemoveRole(parts),
  listRevoked: createListRevoked(parts),
  makeFirstOwner: createMakeFirstOwner(parts),
  hasOwner: () => parts.database.stores.setupTokens.hasOwner(),
  outboxDepth,
});

/** Starts the service with what it needs from outside the configuration: the real ones unless others are given. */
export const startAuth = async (config: AuthConfig, given: Partial<AuthParts> = {}): Promise<Auth> => {
  const { now = () => new Date(), log = createLog({ service: 'auth', level: config.logLevel }) } = given;
  const commonPasswords = await readCommonPasswords();
  const passwords = given.passwords ?? (await createBcryptPool({ cost: config.bcryptCost }));
  const vault = createVault(config.encryptionKey);
  const { sealMail, openMail } = createEnvelopes(vault);
  const attachment = createAttachment({ ...config, schema, migrationsFolder, applicationName: 'guildhall-auth', log });
  const { database: shared } = attachment;
  const basics = { database: createDatabase(shared), chance, digests: createDigests(config.encryptionKey), now };
  const outbox = createOutboxStore(shared.connection, schema);
  const refusals = foldRefusals({
    append: (event) => outbox.append([event]),
    newId: chance.newId,
    monotonicMs: () => performance.now(),
    onError: (error) => log.warn({ err: error }, 'repeated refusals cannot be told now; they are told later'),
  });
  const jobs = startJobs({ config, attachment, rules: basics, openMail, log });
  const tokens = createAccessTokens({ keys: createSigningKeyStore(shared.connection), vault, issuer: config.publicUrl, now });
  // It may come back as another database, with other keys.
  shared.onChange(() => tokens.forgetKeys());
  const { mailsAreWaiting, ownerIsThere } = jobs;
  const app = createApp({
    log,
    metrics: createMetrics('auth'),
    readiness: attachment.readiness,
    attachment,
    verifier: createInternalVerifier({ key: config.internalKey, audience: 'auth', now }),
    rules: createRules({
      ...basics,
      passwords,
      hashPassword: passwords.hash,
      commonPasswords,
      sealMail,
      attemptsMax: codeAttemptsMax,
      signAccessToken: tokens.sign,
      mailsAreWaiting,
      ownerIsThere,
      publicKeys: () => tokens.publicKeys(),
      keyIds: tokens.keyIds,
      recordRefusal: refusals.record,
      outboxDepth: outbox.depth,
    }),
  });
  const close = async (): Promise<void> => {
    await app.close();
    await refusals.close();
    await jobs.close();
    await passwords.close();
  };
  afterChanges(app, jobs.eventsAreWaiting);
  const url = await listen(app, config).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  log.info({ url }, 'auth is listening');
  return { url, close };
};
