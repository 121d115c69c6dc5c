import { randomUUID } from 'node:crypto';
import { Email } from '@guildhall/contracts';
import { readSettings } from '@guildhall/http';
import { Compile } from 'typebox/compile';
import { createBcryptPool } from '../../services/auth/src/clients/bcrypt-pool.ts';
import { random } from '../../services/auth/src/clients/random.ts';
import { bcryptCost } from '../../services/auth/src/config.ts';
import { createRecoverOwner, type OwnerCredentials } from '../../services/auth/src/core/recover-owner.ts';
import { createDatabase } from '../../services/auth/src/store/stores.ts';
import { dataFolder } from './folders.ts';
import { onSchema } from './on-database.ts';
import { findRunning } from './running.ts';
import { sentenceOf } from './shown.ts';

/**
 * `make owner EMAIL=…`: brings back the owner's seat on DATABASE_URL, or on the running stack's database. It needs no
 * account: who may write to that database may do anything there anyway.
 */
const email = Compile(Email);

const databaseUrl = (): string => {
  const given = process.env['DATABASE_URL'] ?? '';
  const url = given === '' ? findRunning(dataFolder)?.databaseUrl : given;
  if (url === undefined) throw new Error('No team stack runs here: make up first, or give DATABASE_URL=….');
  return url;
};

const readCost = (): number => {
  const settings = readSettings(process.env);
  const cost = settings.integer('BCRYPT_COST', bcryptCost.default, bcryptCost);
  settings.finish();
  return cost;
};

const recover = async (address: string): Promise<OwnerCredentials> => {
  if (!email.Check(address)) throw new Error(`${JSON.stringify(address)} is no e-mail address: make owner EMAIL=ada@example.org`);
  const url = databaseUrl();
  const passwords = await createBcryptPool({ cost: readCost() });
  try {
    return await onSchema(url, 'auth', (shared) => {
      const parts = { database: createDatabase(shared), hashPassword: passwords.hash, random, now: () => new Date() };
      return createRecoverOwner(parts)(`make-owner-${randomUUID()}`, address);
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
