import { randomUUID } from 'node:crypto';
import { Email } from '@guildhall/contracts';
import { readSettings } from '@guildhall/http';
import { readSecret } from '@guildhall/principal';
import { Compile } from 'typebox/compile';
import { createBcryptPool } from '../../services/auth/src/clients/bcrypt-pool.ts';
import { random } from '../../services/auth/src/clients/random.ts';
import { createVault } from '../../services/auth/src/clients/vault.ts';
import { bcryptCost } from '../../services/auth/src/config.ts';
import { createRecoverOwner, type OwnerCredentials, type RecoverOwnerParts } from '../../services/auth/src/core/recover-owner.ts';
import { createDatabase } from '../../services/auth/src/store/stores.ts';
import { createRecoveryNotices } from '../../services/auth/src/wire/recover-owner.ts';
import { dataFolder } from './folders.ts';
import { encryptionKeyFile } from './keys.ts';
import { onSchema } from './on-database.ts';
import { findRunning } from './running.ts';
import { sentenceOf } from './shown.ts';

/**
 * `make owner EMAIL=…`: brings back the owner's seat on DATABASE_URL, or on the running stack's database. It needs no
 * account: who may write to that database may do anything there anyway.
 */
const email = Compile(Email);

interface Target {
  readonly databaseUrl: string;
  /** Null without auth's ENCRYPTION_KEY and PUBLIC_URL: then the user is not mailed. */
  readonly noticeOf: RecoverOwnerParts['noticeOf'];
}

const given = (name: string): string | null => (process.env[name] ?? '') || null;

const makeVault = () => createVault(readSecret(process.env, 'ENCRYPTION_KEY'));

/** The database of the environment, whose user is mailed where its key and address are given, too; or that of the running stack. */
const findTarget = (): Target => {
  const url = given('DATABASE_URL');
  const running = url === null ? findRunning(dataFolder) : null;
  const databaseUrl = url ?? running?.databaseUrl;
  if (databaseUrl === undefined) throw new Error('No team stack runs here: make up first, or give DATABASE_URL=….');
  if (running !== null) Object.assign(process.env, { ENCRYPTION_KEY_FILE: encryptionKeyFile(dataFolder) });
  const hasKey = given('ENCRYPTION_KEY') !== null || given('ENCRYPTION_KEY_FILE') !== null;
  const publicUrl = given('PUBLIC_URL') ?? running?.gateway?.replace('127.0.0.1', 'localhost') ?? null;
  const isMailed = hasKey && publicUrl !== null;
  return { databaseUrl, noticeOf: isMailed ? createRecoveryNotices(makeVault(), publicUrl, random) : null };
};

const readCost = (): number => {
  const settings = readSettings(process.env);
  const cost = settings.integer('BCRYPT_COST', bcryptCost.default, bcryptCost);
  settings.finish();
  return cost;
};

const recover = async (address: string): Promise<OwnerCredentials> => {
  if (!email.Check(address)) throw new Error(`${JSON.stringify(address)} is no e-mail address: make owner EMAIL=ada@example.org`);
  const { databaseUrl, noticeOf } = findTarget();
  const passwords = await createBcryptPool({ cost: readCost() });
  try {
    return await onSchema(databaseUrl, 'auth', (shared) => {
      const basics = { database: createDatabase(shared), hashPassword: passwords.hash, random, now: () => new Date() };
      return createRecoverOwner({ ...basics, noticeOf })(`make-owner-${randomUUID()}`, address);
    });
  } finally {
    await passwords.close();
  }
};

try {
  const { email: address, password, isNew } = await recover(process.argv[2] ?? '');
  const sessions = isNew ? 'The account is new.' : 'Its earlier password and sessions have ended.';
  process.stdout.write(`${address} owns this installation. ${sessions}\n  password  ${password} (shown this once)\n`);
} catch (error) {
  process.stderr.write(`${sentenceOf(error)}\n`);
  process.exitCode = 1;
}
