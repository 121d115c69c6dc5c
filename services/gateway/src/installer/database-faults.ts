import type { InstallationFault, InstallationFaultCode } from '@guildhall/contracts';
import { codeOf } from './session.ts';

/** The sentences that say what to do about a fault. They hold nothing of the address, the password or the server's message. */
const sentences = {
  SCHEME_UNSUPPORTED:
    'Give an address of the form postgres://user:password@host:port/database, with no parameters but sslmode and options.',
  PLACEHOLDER:
    'This address still has the placeholder of an example as its user or password. Put your own in its place, also on the server.',
  UNREACHABLE:
    'The server does not answer there. Check host and port, that it is running, lets this machine in, and has a connection free.',
  ACCESS_DENIED: 'The server refuses this user or password. Check both, and that this user may log in from here.',
  DATABASE_MISSING: 'The server has no database of this name. Create it, or name another.',
  ENGINE_UNSUPPORTED: 'This is neither PostgreSQL nor CockroachDB. Give the address of one of them.',
  ENCODING_UNSUPPORTED:
    'The database is not in UTF-8, so it cannot hold every text. Create one with ENCODING UTF8, from template0.',
  READ_ONLY: 'The database takes no changes: it is a replica, or set to be read-only. Give the address of the one that does.',
  CANNOT_CREATE_SCHEMAS:
    'This user may not create schemas in the database. Grant it CREATE on the database, or give another user.',
  QUEUE_REQUIRED: 'CockroachDB cannot carry the queue. Give the address of a Redis or Valkey server as queueUrl as well.',
  QUEUE_UNREACHABLE:
    'The queue does not answer at queueUrl. Check that the server is running, and the address: redis://user:password@host:port/0, with no parameters.',
} as const satisfies Partial<Record<InstallationFaultCode, string>>;

export const faultOf = (code: keyof typeof sentences): InstallationFault => ({ code, detail: sentences[code] });

const codes: Readonly<Record<string, keyof typeof sentences>> = {
  '28P01': 'ACCESS_DENIED',
  '28000': 'ACCESS_DENIED',
  '3D000': 'DATABASE_MISSING',
};

/** The fault behind an error of a connection or a query. */
export const faultOfError = (error: unknown): InstallationFault => faultOf(codes[codeOf(error)] ?? 'UNREACHABLE');
