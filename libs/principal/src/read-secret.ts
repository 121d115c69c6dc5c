import { readFileSync } from 'node:fs';

const keyBytesMin = 32;

/**
 * A secret key from the environment: `NAME` holds it in base64, or `NAME_FILE` names a file that does.
 * Throws an Error that names what is missing or too short; there is no default.
 */
export const readSecret = (env: NodeJS.ProcessEnv, name: string): Uint8Array => {
  const file = env[`${name}_FILE`];
  const text = env[name] ?? (file === undefined ? undefined : readFileSync(file, 'utf8'));
  if (text === undefined) throw new Error(`${name} or ${name}_FILE is missing: ${keyBytesMin} random bytes in base64.`);
  const key = Buffer.from(text.trim(), 'base64');
  if (key.length < keyBytesMin) throw new Error(`${name} is too short: it must be at least ${keyBytesMin} bytes in base64.`);
  return new Uint8Array(key);
};

/** The key that internal tokens are signed with, the same in every service of an installation. */
export const readInternalKey = (env: NodeJS.ProcessEnv): Uint8Array => readSecret(env, 'INTERNAL_KEY');
