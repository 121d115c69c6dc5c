import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { createDatabaseLink, measureOutbox, measureQueue, type DatabaseLink } from '@guildhall/database-link';
import { createOutboxStore } from '@guildhall/db';
import { startOutboxRelay } from '@guildhall/events';
import {
  afterChanges,
  createMetrics,
  createMissingEvents,
  foldRefusals,
  listen,
  type Logger,
  type Metrics,
  type Running,
} from '@guildhall/http';
import { createInternalSigner, createInternalVerifier } from '@guildhall/principal';
import { createApp, type AppParts } from './app.ts';
import { createSignAccessToken } from './clients/access-tokens.ts';
import { random } from './clients/random.ts';
import { createSetupTokenFile } from './clients/setup-token-file.ts';
import { createSecretHashes, createVault } from './clients/vault.ts';
import type { AuthConfig } from './config.ts';
import { createLookAtLink, createSendSignInCode, createSignInWithCode, type CodeSignInParts } from './core/code-sign-in.ts';
import type { PasskeyParts } from './core/passkeys.ts';
import type { ConnectionParts } from './core/connections.ts';
import type { SecondFactorCheckParts } from './core/check-second-factor.ts';
import { createSendCode, createVerifyCode, type CodeParts } from './core/codes.ts';
import { createChangeEmail, createSendEmailCode } from './core/change-email.ts';
import { createDeactivateAccount } from './core/deactivate-account.ts';
import { createEraseAccount } from './core/erase-account.ts';
import { createLogIn, type LogInParts } from './core/log-in.ts';
import { createMakeFirstOwner } from './core/first-owner.ts';
import { createRefresh } from './core/refresh.ts';
import { createChangePassword, type ChangePasswordParts } from './core/change-password.ts';
import { createResetPassword, createSendResetCode } from './core/reset-password.ts';
import { createRegister, type RegisterParts } from './core/register.ts';
import { createListRevoked, type RevocationParts } from './core/sessions.ts';
import { createMakeSetupToken } from './core/make-setup-token.ts';
import { startAnnouncingSetupToken } from './jobs/announce-setup-token.ts';
import { startPurging } from './jobs/purge.ts';
import { createPurges } from './store/purge.ts';
import { createDatabase, schema } from './store/stores.ts';
import { startKeyRing } from './wire/keys.ts';
import { createOperatorParts } from './wire/operator-parts.ts';
import { startPasswords, type BcryptPool } from './wire/passwords.ts';
import { createSignInSettings } from './wire/sign-in-settings.ts';
import { createSecondFactorRules, createSignInParts } from './wire/second-factor.ts';
import { createPasskeyParts, createPasskeyRules } from './wire/passkeys.ts';
import { createProviderParts, createProviderRules } from './wire/providers.ts';
import { createTokenRules } from './wire/tokens.ts';
import { createEnvelopes, startMailJobs, type MailJobParts } from './wire/mails.ts';

/** The parts that may be given in place of the real ones. */
export interface Overrides {
  readonly now: () => Date;
  readonly passwords: BcryptPool;
}

const service = 'auth';
const monotonicMs = (): number => performance.now();
/** The system's clock, which internal tokens are held against. */
const systemNow = (): Date => new Date();

const migrationsFolder = path.resolve(import.meta.dirname, '../migrations');
/** The schema, its migrations, and the name in the server's list of sessions. */
const ownSchema = { schema, migrationsFolder, applicationName: `guildhall-${service}` };
const commonPasswordsFile = path.resolve(import.meta.dirname, 'common-passwords.txt');

const readCommonPasswords = async (): Promise<ReadonlySet<string>> =>
  new Set((await readFile(commonPasswordsFile, 'utf8')).split('\n').filter((line) => line !== ''));

interface JobParts {
  readonly config: AuthConfig;
  readonly databaseLink: DatabaseLink;
  readonly basics: Parameters<typeof createMakeSetupToken>[0] & MailJobParts['basics'];
  readonly envelopes: MailJobParts['envelopes'];
  readonly metrics: Metrics;
  readonly log: Logger;
}

/** The jobs, which run without a request. */
const startJobs = ({ config, databaseLink, basics, envelopes, metrics, log }: JobParts) => {
  const [{ database: shared, isReady }, { database, now }] = [databaseLink, basics];
  const { sending, isMailWorking, closePost } = startMailJobs({ config, databaseLink, basics, envelopes, metrics, log });
  const purging = startPurging({ steps: createPurges(shared.connection), now, log });
  const announcing = startAnnouncingSetupToken({
    isWanted: () => databaseLink.state().source === 'environment',
    hasOwner: () => database.stores.setupTokens.hasOwner(),
    makeSetupToken: createMakeSetupToken(basics),
    file: createSetupTokenFile(config.setupTokenFile),
    announce: (token, expiresAt) => log.warn(`Setup token for the first owner, good until ${expiresAt.toISOString()}: ${token}`),
    now,
    onError: (error) => log.debug({ err: error }, 'no setup token can be made now'),
  });
  const missing = createMissingEvents({
    urls: { audit: config.auditUrl, 'team-resources': config.teamResourcesUrl },
    signer: createInternalSigner({ identity: config.identity, now: systemNow }),
  });
  const outbox = createOutboxStore(shared.connection, schema);
  measureOutbox(metrics, outbox.depth);
  const relaying = databaseLink.onQueue((queueUrl) =>
    startOutboxRelay({
      queueUrl,
      identity: config.identity,
      outbox,
      kinds: ['audit', 'user-changed', 'invite-mail-settled'],
      ownerId: `auth ${random.newId()}`,
      confirm: missing.find,
      isReady,
      log,
    }),
  );
  measureQueue(metrics, async () => (await relaying()?.depths()) ?? []);
  shared.onChange(({ status }) => {
    if (status === 'ready') for (const job of [announcing, sending, purging]) job.wake();
  });
  return {
    isMailWorking,
    onMailQueued: () => sending.wake(),
    onOutboxAppended: () => relaying()?.wake(),
    onOwnerCreated: () => announcing.wake(),
    async close() {
      await Promise.all([sending.stop(), purging.stop(), announcing.stop()]);
      await databaseLink.close();
      closePost();
      await missing.close();
    },
  };
};

/** The denied actions of this service, folded and stored in the outbox. */
const createDenials = (outbox: Pick<ReturnType<typeof createOutboxStore>, 'append'>, log: Logger) =>
  foldRefusals({
    append: (event) => outbox.append([event]),
    newId: random.newId,
    monotonicMs,
    onError: (error) => log.warn({ err: error }, 'repeated denials could not be stored; they will be retried'),
  });

type Rules = AppParts['rules'];

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

interface RuleParts
  extends
    RegisterParts,
    LogInParts,
    ChangePasswordParts,
    CodeParts,
    CodeSignInParts,
    RevocationParts,
    SecondFactorCheckParts,
    ConnectionParts,
    PasskeyParts {
  readonly publicKeys: Rules['publicKeys'];
  readonly outboxDepth: Rules['outboxDepth'];
}

/** The rules that need more than stores. */
const createRules = ({ publicKeys, outboxDepth, ...given }: Omit<RuleParts, 'hashPassword'>): Rules => {
  const parts = { ...given, hashPassword: given.passwords.hash };
  return {
    register: createRegister(parts),
    sendCode: createSendCode(parts),
    verifyCode: createVerifyCode(parts),
    sendSignInCode: createSendSignInCode(parts),
    lookAtLink: createLookAtLink(parts),
    signInWithCode: createSignInWithCode(parts),
    logIn: createLogIn(parts),
    changePassword: createChangePassword(parts),
    sendResetCode: createSendResetCode(parts),
    resetPassword: createResetPassword(parts),
    sendEmailCode: createSendEmailCode(parts),
    changeEmail: createChangeEmail(parts),
    deactivateAccount: createDeactivateAccount(parts),
    eraseAccount: createEraseAccount(parts),
    ...createSecondFactorRules(parts),
    ...createProviderRules(parts),
    ...createPasskeyRules(parts),
    ...createTokenRules(parts),
    refresh: createRefresh(parts),
    publicKeys,
    listRevoked: createListRevoked(parts),
    makeFirstOwner: createMakeFirstOwner(parts),
    outboxDepth,
  };
};

/** Starts the service. Rejects when it cannot listen; never because the database or the queue is away. */
export const start = async (config: AuthConfig, log: Logger, overrides: Partial<Overrides> = {}): Promise<Running> => {
  const passwords = await startPasswords(config, log, overrides.passwords);
  const vault = createVault(config.encryptionKey);
  const envelopes = createEnvelopes(vault);
  const metrics = createMetrics(service);
  const databaseLink = createDatabaseLink({ ...config, ...ownSchema, metrics, log });
  const { database: shared } = databaseLink;
  const { now = shared.now } = overrides;
  const basics = { database: createDatabase(shared), random, hashes: createSecretHashes(config.encryptionKey), now };
  const outbox = createOutboxStore(shared.connection, schema);
  const denials = createDenials(outbox, log);
  const jobs = startJobs({ config, databaseLink, basics, envelopes, metrics, log });
  const keyRing = startKeyRing({ basics, vault, log });
  // The database may have been replaced by one with other keys.
  shared.onChange(() => keyRing.forget());
  const app = createApp({
    log,
    metrics,
    readiness: databaseLink.readiness,
    databaseLink,
    ...createOperatorParts(shared, outbox),
    verifier: createInternalVerifier({ identity: config.identity, now: overrides.now ?? systemNow }),
    metricsToken: config.metricsToken,
    database: basics.database,
    newId: random.newId,
    sha256,
    recordDenial: denials.record,
    now,
    service,
    ...createSignInSettings(config),
    isMailWorking: jobs.isMailWorking,
    rules: createRules({
      ...basics,
      passwords,
      commonPasswords: await readCommonPasswords(),
      sealMail: envelopes.sealMail,
      ...createSignInParts(config, vault),
      ...createProviderParts(config, vault, log),
      ...createPasskeyParts(config, vault),
      registration: config.registration,
      signAccessToken: createSignAccessToken({ keyRing, issuer: config.publicUrl, now }),
      ...jobs,
      publicKeys: async () => (await keyRing.current()).published.map(({ publicJwk }) => publicJwk),
      keyIds: keyRing.storedKids,
      outboxDepth: outbox.depth,
    }),
  });
  const close = async (): Promise<void> => {
    await app.close();
    await denials.close();
    await jobs.close();
    await passwords.close();
  };
  afterChanges(app, jobs.onOutboxAppended);
  const url = await listen(app, config, databaseLink.untilKnown()).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  return { url, close };
};
